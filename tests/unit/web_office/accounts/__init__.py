"""Pages of accounts and tokens."""
