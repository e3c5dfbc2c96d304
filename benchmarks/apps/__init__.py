"""How fast the generated backends are, as shares of what bounds them."""
