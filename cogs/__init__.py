"""Slash commands and menus, one module per command. Thin: validate, call one service, answer."""
