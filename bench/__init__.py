"""Benchmarks: each figure is a ratio inside one run, against a floor that the run measures itself."""
