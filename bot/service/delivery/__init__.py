"""The job's one message: what it says, and bringing it up to its state."""
