"""Errors on their way between a station and its central: kinds, codes and sentences, no more."""

from typing import Final

from cardservice.domain.texts import showable
from cardservice.errors import (
    AuthenticationError,
    CardRemovedError,
    CardServiceError,
    LinkError,
    MalformedDataError,
    PeerError,
    Refusal,
    SourceUnavailableError,
    StatusError,
    TimeBudgetError,
    UsageError,
)
from cardservice.personalization.central import Failed
from cardservice.personalization.lane_faults import code_of
from cardservice.personalization.making import SpoiledCardError
from cardservice.personalization.station import NotAsOrderedError

UNREACHABLE: Final = "central-unreachable"
LATE: Final = "central-late"
WRONG: Final = "central-wrong"
LONGEST_SENTENCE: Final = 400  # characters
LONGEST_CODE: Final = 60

REFUSAL: Final = "refusal"
STATUS: Final = "status"
BUSY: Final = "busy"
INTERNAL: Final = "internal"

LINK_KINDS: Final[tuple[tuple[str, type[LinkError]], ...]] = (
    ("card-removed", CardRemovedError),
    ("time-budget", TimeBudgetError),
    ("link", LinkError),
)
"""What a station may say of its reader, the special before the general."""

KINDS: Final[tuple[tuple[str, type[CardServiceError]], ...]] = (
    *LINK_KINDS,
    ("spoiled-card", SpoiledCardError),
    ("not-as-ordered", NotAsOrderedError),
    ("authentication", AuthenticationError),
    ("malformed", MalformedDataError),
    ("peer", PeerError),
    ("usage", UsageError),
)
"""Kinds that cross with nothing but a sentence; refusals, statuses and faults have more."""

_BY_NAME: Final = dict(KINDS)
_LINK_BY_NAME: Final = dict(LINK_KINDS)


def failed(error: Exception) -> Failed:
    """Return ``error`` as it crosses; of one that nobody meant nothing but that it was one."""
    if not isinstance(error, CardServiceError):
        return Failed(INTERNAL)
    if isinstance(error, StatusError):
        return Failed(STATUS, sentence=_bounded(str(error)), sw=error.sw)
    kind = next((name for name, kind in KINDS if isinstance(error, kind)), REFUSAL)
    code = code_of(error) if kind == REFUSAL else ""
    return Failed(kind, code, _bounded(str(error)))


def link_error(answer: Failed) -> LinkError | None:
    """Return what a station said of its reader as an error; None: it said something else."""
    kind = _LINK_BY_NAME.get(answer.kind)
    return None if kind is None else kind("the reader's station says so")


def error_of(end: Failed) -> CardServiceError:
    """Return why the central did not make the card, as ``Station.make`` would raise it."""
    if end.kind == REFUSAL and end.code:
        return Refusal(end.code, end.sentence)
    if end.kind == STATUS:
        return StatusError(end.sw, end.sentence)
    if end.kind == BUSY:
        return late("The central service has too much to do.")
    kind = _BY_NAME.get(end.kind)
    return wrong("failed by a fault of its own") if kind is None else kind(end.sentence)


def wrong(why: str) -> SourceUnavailableError:
    """Return the error of a central that ``why``."""
    return SourceUnavailableError(WRONG, f"The central service {why}.")


def late(sentence: str) -> SourceUnavailableError:
    """Return the error of a central that does not answer in time."""
    return SourceUnavailableError(LATE, sentence)


def unreachable() -> SourceUnavailableError:
    """Return the error of a central that cannot be reached, or was lost on the way."""
    return SourceUnavailableError(UNREACHABLE, "The central service cannot be reached.")


def _bounded(sentence: str) -> str:
    return showable(sentence)[:LONGEST_SENTENCE]
