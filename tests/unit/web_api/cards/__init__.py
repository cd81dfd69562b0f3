"""Orders, cards, stations, delivery and stock through the API."""
