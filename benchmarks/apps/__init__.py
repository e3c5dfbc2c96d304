"""How fast the generated backends are, beside what users would pick instead."""
