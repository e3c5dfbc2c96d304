"""Measurements, as ratios of things that run one after the other on the same machine."""
