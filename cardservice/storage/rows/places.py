"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_places import Booking, MedicalOrganisation, Place, Slot

__all__ = ["Booking", "MedicalOrganisation", "Place", "Slot"]
