"""What is about oneself: preferences, privacy, help."""
