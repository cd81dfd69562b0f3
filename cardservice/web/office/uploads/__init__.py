"""Tables of people, row by row."""
