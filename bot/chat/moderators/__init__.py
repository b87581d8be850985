"""What moderators do: blocks, words, reports and their cards, the audit log."""
