"""Orders, cards, stations, delivery, stock."""
