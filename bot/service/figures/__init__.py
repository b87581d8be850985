"""What it all comes to: usage, charts, forecasts, exports."""
