"""Persons, their policies and cards; duplicates."""
