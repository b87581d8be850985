"""What the operator bounds and watches, and what a start or a backup asks for."""
