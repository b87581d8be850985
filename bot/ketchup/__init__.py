"""The image API: its wire format (pure), what an answer means (pure), and the HTTP client."""
