"""``/setup``: one private panel with everything that a server can choose."""
