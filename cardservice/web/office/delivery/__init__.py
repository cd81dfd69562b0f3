"""Dispatch lists, arrival, hand-over; the card on the reader."""
