"""Tier 3."""
