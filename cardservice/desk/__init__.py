"""A clinic's desk: its own time, what it keeps fresh, and what it reports."""
