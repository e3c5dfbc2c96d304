"""`python -m generator` is `scaffold`."""

from generator.cli.main import main

main()
