"""Numbered cases that hold a card to its contract, on any link, by octets alone (card.md)."""
