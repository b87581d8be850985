"""The ways to ask for a picture: commands, remixes, mentions, and what is suggested meanwhile."""
