"""The ledger and everything that is read from it."""
