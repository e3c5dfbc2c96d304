"""What the contract promises about registering, logging in, tokens and passwords."""
