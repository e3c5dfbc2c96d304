"""The HTTP contract (docs/contract.md) as a black-box suite."""
