"""Pages of tables of people."""
