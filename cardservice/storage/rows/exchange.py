"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_exchange import Complaint

__all__ = ["Complaint"]
