"""Ports of other rooms kept in the database, each call a transaction of its own."""
