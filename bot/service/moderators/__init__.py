"""What moderators decide, what they are told, and what stays in the audit log."""
