"""Desks of clinics and signs of abuse, through the office's API."""
