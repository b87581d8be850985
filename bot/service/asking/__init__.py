"""A member's request, from the first click until it waits in line or is taken back."""
