"""Complaints and their answers."""
