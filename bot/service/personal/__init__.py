"""What a person chooses, takes away, or has deleted."""
