"""Usage as moderators read it: sentences, charts, exports."""
