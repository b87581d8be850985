"""The moderators' dashboard: pages made on the server, one style sheet, a little script."""
