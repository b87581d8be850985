"""Rollups by day, and reading them."""
