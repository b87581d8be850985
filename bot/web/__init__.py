"""The web server: callbacks of the image API, health, metrics, and the dashboard."""
