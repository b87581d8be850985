"""Use cases. Each method is one transaction; whatever changes state goes through here."""
