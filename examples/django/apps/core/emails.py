"""Email addresses."""

from email_validator import validate_email


def normalize_email(text: str) -> str:
    """Return the address in the form that every server accepts; raise ValueError if it has none."""
    # Before the @, few servers take more than ASCII; after it, names have an ASCII form.
    address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    return address.ascii_email or address.normalized
