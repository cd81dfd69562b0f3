"""Answers to the key-store port of ``cardservice.pki.keys``."""
