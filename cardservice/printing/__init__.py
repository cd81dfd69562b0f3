"""Printers, and what is made ready for them: faces of cards, PIN letters, photos."""
