"""Tests of other people's templates behind the same commands."""
