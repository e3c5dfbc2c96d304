"""Three trees in; one tree and a list of conflicts out. Knows git and nothing of templates."""
