"""What Discord sees: the client, messages and buttons, texts in every language, delivery."""
