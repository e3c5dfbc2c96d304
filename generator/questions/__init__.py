"""What a template asks, and which answers it accepts. Imports no git and starts no process."""
