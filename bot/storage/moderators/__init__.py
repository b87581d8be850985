"""Servers, and what their moderators decided."""
