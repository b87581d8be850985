"""Jobs, tasks, pictures, messages: what is under way, and how it changes."""
