"""Cards that a desk lets the service read are presentations like those it tells of itself.

A program has no desk and no clinic in the register, so its cards are counted and nothing more; nor
are files that somebody read elsewhere, which prove no presence of a card.
"""

import logging
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from cardservice.desk.presentations import Presentation
from cardservice.domain.proven_time import TimeGrade
from cardservice.errors import CardServiceError
from cardservice.registry.presentations import take_presentations
from cardservice.verify.examination import Examination, Problem
from cardservice.web.clinics.app_parts import SERVICE, service_of
from cardservice.web.clinics.ops import metrics_in
from cardservice.web.clinics.parts import Client, ClinicParts

_UUID_OCTETS: Final = 16
_log: Final = logging.getLogger(__name__)


def note_card(parts: ClinicParts, client: Client, session: str, found: Examination) -> None:
    """Keep what came of a session and look for signs of abuse in it; never raises.

    Args:
        parts: of the service.
        client: who had the card; of a program nothing is kept.
        session: its id; one that ends twice is kept once.
        found: what came of it.
    """
    if not client.desk or SERVICE not in parts.more:
        return
    service = service_of(parts)
    told = presentation_of_session(session, found, at=parts.office.clock())
    try:
        desk = service.clients.desk(client)
        taken = take_presentations(parts.office, desk, [told], key=service.cards_key)
    except CardServiceError as error:
        # The verdict is what the desk waits for; what is lost here is a sign, perhaps.
        _log.warning("a card read for a desk was not kept: %s", type(error).__name__)
        return
    metrics = metrics_in(parts)
    if metrics is not None:
        for kind in taken.signs:
            metrics.sign(kind)


def presentation_of_session(session: str, found: Examination, *, at: datetime) -> Presentation:
    """Return what a desk would tell of the card; the same session has the same id."""
    verdict = found.verdict
    problem = found.problem or Problem.CARD_UNREADABLE
    return Presentation(
        id=UUID(bytes=sha256(session.encode()).digest()[:_UUID_OCTETS]),
        at=at.astimezone(UTC),
        grade=TimeGrade.PROVEN,
        outcome=None if verdict is None else verdict.outcome,
        reason=problem.value if verdict is None else verdict.deciding.reason.value,
        card_number=found.card_number if found.proved else None,
        wrong_numbers=int(found.problem is Problem.CAN_WRONG),
    )
