"""What is kept about a person: choices, sessions, erasing, renaming."""
