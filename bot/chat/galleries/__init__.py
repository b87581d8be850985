"""Pages of pictures, and their download."""
