"""The web server: callbacks of the image API, health, and metrics."""
