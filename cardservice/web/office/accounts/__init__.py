"""Accounts of staff, tokens of programs."""
