"""What a station tells the office of an outcome: on which route, in which words, by which name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cardservice.errors import Refusal
from cardservice.officelink.answers import Members
from cardservice.personalization.jobs import Outcome, Work
from cardservice.personalization.journal import SpoiledReason

_ROUTES: Final[Mapping[Work, str]] = {Work.NEW_CARD: "card", Work.CHANGE_INSURER: "update"}
_SERVICE: Final = "service"
_SPOILING: Final = "spoiling"

SPOIL_REASONS: Final[Mapping[SpoiledReason, str]] = {
    SpoiledReason.HALF_MADE_ELSEWHERE: "faulty",
    SpoiledReason.NOT_AS_ORDERED: "wrong-data",
    SpoiledReason.BROKEN: "damaged",
    SpoiledReason.LOST: "lost-on-the-way",
}
"""The station's word → the office's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One outcome in the office's words.

    Attributes:
        what: the end of its route.
        key: its name: the same outcome has the same one for ever, whoever tells it when.
    """

    order_id: str
    what: str
    key: str
    body: Members = field(repr=False)


def report_of(outcome: Outcome, valid_until: date | None) -> Report:
    """Return the report of an outcome.

    Args:
        outcome: of a card made, of work done, or of a card spoiled.
        valid_until: last day of a card that was made, where the outcome names none.

    Raises:
        Refusal: ``outcome-incomplete``: the office wants to know when it was signed.
    """
    what = _SPOILING if outcome.spoiled else _ROUTES.get(outcome.work, _SERVICE)
    key = f"{outcome.order_id}-{what}-{outcome.number}-{outcome.chip.hex()}"
    body = _spoiled(outcome) if outcome.spoiled else _done(outcome, what)
    if what == _ROUTES[Work.NEW_CARD]:
        day = outcome.valid_until or valid_until
        body["chip_serial"] = outcome.chip.hex()
        body["valid_until"] = None if day is None else day.isoformat()
    return Report(order_id=outcome.order_id, what=what, key=key, body=body)


def _spoiled(outcome: Outcome) -> dict[str, Any]:
    # The order is made anew, with another number: it may be anybody's.
    try:
        reason = SPOIL_REASONS[SpoiledReason(outcome.spoiled or "")]
    except ValueError:
        raise Refusal("outcome-incomplete", "Nobody says why the card is of no use.") from None
    return {"reason": reason, "again": True, "chip_serial": outcome.chip.hex()}


def _done(outcome: Outcome, what: str) -> dict[str, Any]:
    if outcome.signed_at is None and what != _SERVICE:
        raise Refusal("outcome-incomplete", "Nobody says when the card's data were signed.")
    signed = None if outcome.signed_at is None else outcome.signed_at.isoformat()
    return {"number": outcome.number, "signed_at": signed}
