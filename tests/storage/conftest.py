"""Every test here runs on SQLite and on PostgreSQL."""

from tests.postgres import address, cluster, database, empty_address

__all__ = ["address", "cluster", "database", "empty_address"]
