"""Credits: held, settled, looked at, and proven."""
