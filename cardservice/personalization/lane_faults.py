"""What a lane does after something went wrong: one table, from code to reaction.

Every code has a sentence and a remedy in ``cardservice.texts.station``; ``docs/errors.md`` lists
them all.
"""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import (
    AuthenticationError,
    CardRemovedError,
    CardServiceError,
    LinkError,
    MalformedDataError,
    PeerError,
    ReaderUnavailableError,
    Refusal,
    SourceUnavailableError,
    StatusError,
    TimeBudgetError,
    UsageError,
)
from cardservice.personalization.making import SpoiledCardError
from cardservice.personalization.station import NotAsOrderedError
from cardservice.pki.keys import KeyStoreError


@unique
class Reaction(StrEnum):
    """What happens next in the lane."""

    PUT_BACK = "put-back"  # the same card once more, with its job; or another card first
    REJECT = "reject"  # the card goes into the error bin, the job gets another blank
    SPOIL = "spoil"  # likewise, and the card counts as spoiled
    OTHER_JOB = "other-job"  # the card belongs to another job of this station: that one is done
    DROP_JOB = "drop-job"  # the job goes back; the card stays for the next one
    STOP_LANE = "stop-lane"  # somebody has to look before the lane goes on
    STOP_STATION = "stop-station"  # no lane may go on


_PUT_BACK, _REJECT, _SPOIL = Reaction.PUT_BACK, Reaction.REJECT, Reaction.SPOIL
_DROP, _LANE, _ALL = Reaction.DROP_JOB, Reaction.STOP_LANE, Reaction.STOP_STATION

REACTIONS: Final[Mapping[str, Reaction]] = {
    # the card went away, or the way to it
    "card-removed": _PUT_BACK,
    "card-too-slow": _PUT_BACK,
    "link-failed": _PUT_BACK,
    "reader-unavailable": _LANE,
    "lane-died": _PUT_BACK,
    # No two lanes have one order, so another lane has a card with this chip's serial number: the
    # card is asked for again, and is a twin then.
    "in-hand": _PUT_BACK,
    # what lies in the reader is not for this lane
    "card-foreign": _REJECT,
    "card-foreign-keys": _REJECT,
    "card-not-blank": _REJECT,
    "card-of-another-order": Reaction.OTHER_JOB,
    "card-keys-wrong": _REJECT,
    "card-malformed": _REJECT,
    "card-refused": _REJECT,
    "chip-serial-twice": _LANE,
    "blank-foreign": _LANE,
    "blank-missing": _LANE,
    "hopper-empty": _LANE,
    "card-spoiled": _REJECT,
    "card-half-made": _REJECT,
    "card-not-as-ordered": _SPOIL,
    # the job
    "order-made": _DROP,
    "order-on-another-card": _DROP,
    "card-number-used": _DROP,
    "order-unfit": _DROP,
    "lease-lost": _DROP,
    # print and paper
    "face-of-another-chip": _LANE,
    "face-already-printed": _LANE,
    "print-failed": _LANE,
    "printer-not-ready": _LANE,
    "letter-already-printed": _LANE,
    # what all lanes stand on
    "journal-full": _ALL,
    "journal-failed": _ALL,
    "journal-contradicts": _ALL,
    "journal-in-use": _ALL,
    "journal-damaged": _ALL,
    "stock-differs": _ALL,
    "clock-wrong": _ALL,
    "keys-unavailable": _ALL,
    "internal": _LANE,
    # the central service; the journal knows how far the card came
    "central-unreachable": _PUT_BACK,
    "central-late": _PUT_BACK,
    "central-wrong": _PUT_BACK,
    # work on a card that its holder has: such a card never goes into the error bin
    "other-card": _PUT_BACK,
    "held-card-foreign": _PUT_BACK,
    "held-card-blank": _PUT_BACK,
    "held-card-broken": _PUT_BACK,
    "held-card-blocked": _DROP,
    "held-card-terminated": _DROP,
    "held-card-not-genuine": _DROP,
    "held-card-altered": _DROP,
    "held-card-spoiled": _DROP,
    "held-card-changed": _DROP,
    "held-card-refused": _DROP,
    "held-card-signer": _LANE,
    "held-card-keys": _LANE,
    "held-card-twin": _LANE,
    "held-card-not-as-ordered": _LANE,
    "clock-behind-card": _LANE,
    "contact-needed": _LANE,
    "service-done": _DROP,
    # what its holder types: the lane waits until it is typed again
    "pin-needed": _LANE,
    "puk-needed": _LANE,
    "new-pin-needed": _LANE,
    "can-needed": _LANE,
    "code-malformed": _LANE,
    "pin-wrong": _LANE,
    "puk-wrong": _LANE,
    "can-wrong": _LANE,
    "pin-blocked": _DROP,
    "puk-blocked": _DROP,
    "printer-missing": _LANE,
}
"""Code → reaction. A code that is not here stops the lane: nobody thought of it."""

_BY_KIND: Final[tuple[tuple[type[CardServiceError], str], ...]] = (
    (CardRemovedError, "card-removed"),
    (TimeBudgetError, "card-too-slow"),
    (ReaderUnavailableError, "reader-unavailable"),
    (LinkError, "link-failed"),
    (SpoiledCardError, "card-half-made"),
    (NotAsOrderedError, "card-not-as-ordered"),
    (AuthenticationError, "card-keys-wrong"),
    (MalformedDataError, "card-malformed"),
    (StatusError, "card-refused"),
    (PeerError, "card-malformed"),
    (KeyStoreError, "keys-unavailable"),
    (UsageError, "order-unfit"),
)


def code_of(error: BaseException) -> str:
    """Return the code of an error that ended a job: its own, or that of its kind."""
    if isinstance(error, Refusal | SourceUnavailableError):
        return error.code
    fault = getattr(error, "fault", None)
    if isinstance(error, KeyStoreError) and isinstance(fault, str):
        return fault
    return next((code for kind, code in _BY_KIND if isinstance(error, kind)), "internal")


def reaction_to(code: str) -> Reaction:
    """Return what a lane does after ``code``; a security module's faults stop the station."""
    if code.startswith("hsm-"):
        return Reaction.STOP_STATION
    return REACTIONS.get(code, Reaction.STOP_LANE)
