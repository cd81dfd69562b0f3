"""Use cases of the office; what they need of the outside are small Protocols."""
