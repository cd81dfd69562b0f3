"""Pages of signs of abuse."""
