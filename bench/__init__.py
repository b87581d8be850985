"""Benchmarks: each figure is a ratio inside one run, against a floor measured in the same run."""
