"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_access import Command, RememberedAnswer

__all__ = ["Command", "RememberedAnswer"]
