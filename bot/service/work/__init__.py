"""A task's way: handed to the API, followed, ended, its pictures fetched."""
