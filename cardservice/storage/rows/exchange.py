"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_exchange import Complaint, ComplaintAttachment

__all__ = ["Complaint", "ComplaintAttachment"]
