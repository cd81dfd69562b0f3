"""Dispatch, arrival, hand-over and the reader in the browser."""
