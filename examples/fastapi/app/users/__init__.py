"""Accounts: the person's own, and all of them for administrators."""
