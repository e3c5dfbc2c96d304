"""What all apps use; only its commands import from them."""
