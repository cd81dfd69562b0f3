"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_base import Json, Record, Versioned

__all__ = ["Json", "Record", "Versioned"]
