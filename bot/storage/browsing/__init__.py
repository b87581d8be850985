"""Jobs and pictures as lists that people look through."""
