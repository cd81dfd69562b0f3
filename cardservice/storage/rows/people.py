"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_people import Consent, FoundPerson, Look, Person

__all__ = ["Consent", "FoundPerson", "Look", "Person"]
