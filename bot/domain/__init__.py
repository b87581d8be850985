"""What the bot knows without any I/O: states, money, requests, and when to ask next."""
