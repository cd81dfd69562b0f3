"""Orders by state, what is due, charts."""
