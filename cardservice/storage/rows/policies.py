"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_policies import Policy, PolicyInsurer, TemporaryCertificate

__all__ = ["Policy", "PolicyInsurer", "TemporaryCertificate"]
