"""The loops that carry jobs on. Each finds its work in the database, also after a restart."""
