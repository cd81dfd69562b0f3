"""A station's way to the office that its orders come from."""
