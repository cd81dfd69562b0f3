"""Orders, their charts and what is done with one, in the browser."""
