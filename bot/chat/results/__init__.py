"""What can be done with a result: its menu, details, originals, sharing, deleting."""
