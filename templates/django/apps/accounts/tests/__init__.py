"""What the contract promises about accounts: registering, logging in, tokens, passwords, users."""
