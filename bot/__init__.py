"""Ketchup Bot: prompts and pictures in, finished pictures out, nothing lost in between."""
