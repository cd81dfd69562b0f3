"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_clinics import (
    AbuseSign,
    CardStanding,
    ClinicDesk,
    DeskTerminal,
    EnrolmentCode,
    KeptPresentation,
    SubstituteQuestion,
)

__all__ = [
    "AbuseSign",
    "CardStanding",
    "ClinicDesk",
    "DeskTerminal",
    "EnrolmentCode",
    "KeptPresentation",
    "SubstituteQuestion",
]
