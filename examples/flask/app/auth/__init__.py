"""Registration, login, tokens and account emails."""
