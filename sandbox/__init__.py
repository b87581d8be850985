"""A local stand-in for the outside world: Discord, and the Ketchup image API."""
