"""Why policies change and end, what they cover, and what places do."""

from typing import Final

from cardservice.domain.categories import EndReason
from cardservice.domain.cover import Programme
from cardservice.domain.places import Collectable, Service
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.domain.terms import Unit
from cardservice.texts.office.names import Names

INSURING: Final = (
    Names(
        "policy-change-reason",
        {
            PolicyChangeReason.MILITARY_SERVICE: "Military service",
            PolicyChangeReason.MILITARY_SERVICE_ENDED: "End of military service",
            PolicyChangeReason.DEATH: "Death",
            PolicyChangeReason.RIGHT_LOST: "The right was lost",
            PolicyChangeReason.MERGED_DUPLICATE: "Second policy of one person",
            PolicyChangeReason.TERM_ENDED: "Term ended",
        },
        of=PolicyChangeReason,
    ),
    Names(
        "end-reason",
        {
            EndReason.UNLIMITED: "Without an end",
            EndReason.STAY: "The stay in the country ends",
            EndReason.YEAR: "The year ends",
        },
        of=EndReason,
    ),
    Names(
        "programme",
        {
            Programme.BASIC: "Basic programme",
            Programme.TERRITORIAL: "Territorial programme",
        },
        of=Programme,
    ),
    Names(
        "service",
        {
            Service.APPLICATIONS: "Takes applications",
            Service.HAND_OVER: "Hands over cards",
            Service.INSURER_RECORD: "Writes the insurer to a card",
            Service.COMPLAINTS: "Takes complaints",
        },
        of=Service,
    ),
    Names(
        "collectable",
        {
            Collectable.CARD: "Card",
            Collectable.PAPER_POLICY: "Paper policy",
            Collectable.TEMPORARY_CERTIFICATE: "Temporary certificate",
        },
        of=Collectable,
    ),
    Names(
        "unit",
        {
            Unit.DAYS: "days",
            Unit.WORKING_DAYS: "working days",
            Unit.MONTHS: "months",
        },
        of=Unit,
    ),
)
