"""Conversations with a card, sans-I/O: flows that yield commands and are sent responses."""
