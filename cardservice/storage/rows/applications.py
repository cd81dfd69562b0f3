"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_applications import Application, Document

__all__ = ["Application", "Document"]
