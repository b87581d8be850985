"""Discord's documented limits: what is beyond them is refused with Discord's own error."""
