"""Finished pictures: looked at, listed, shared, deleted."""
