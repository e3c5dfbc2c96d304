"""What all apps use; it imports none of them."""
