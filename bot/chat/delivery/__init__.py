"""What the bot writes by itself: a job's one message in its state, notices, calls, removals."""
