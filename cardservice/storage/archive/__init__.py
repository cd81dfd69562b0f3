"""Backups: all rows of one moment in one file that both databases can be restored from."""
