"""Email addresses."""

from email_validator import validate_email


def normalize_address(text: str) -> str:
    """The address in the form that every server accepts; raises ValueError if it has none."""
    # Before the @, few servers take more than ASCII; after it, names have an ASCII form.
    address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    return address.ascii_email or address.normalized
