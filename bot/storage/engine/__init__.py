"""The two databases: opening, migrating, transactions, backup."""
