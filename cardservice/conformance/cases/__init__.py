"""The cases themselves, one module a group."""
