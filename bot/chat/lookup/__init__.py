"""What the dashboard asks of Discord: names, and who somebody is in a server."""
