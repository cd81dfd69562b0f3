"""One card from all sides: the clinic's verdict, and what the chip tells of itself."""

from dataclasses import dataclass, replace
from typing import Final, TypeVar

from cardservice.apdu.response import SW
from cardservice.channel.card_management import read_key_information, read_life_cycle
from cardservice.channel.flow import Flow, drive
from cardservice.channel.reading import select_application
from cardservice.errors import LinkError, MalformedDataError, PeerError
from cardservice.policycard.identity import CardIdentity, decode_card_id
from cardservice.policycard.layout import Directory
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.ports import PresentedCard
from cardservice.verify.reading import CardReading

T = TypeVar("T")

_ANSWERING: Final = frozenset(
    {None, Problem.CARD_UNREADABLE, Problem.ACCESS_REFUSED, Problem.CAN_WRONG}
)
_STATES: Final = frozenset({int(SW.FILE_DEACTIVATED), int(SW.FILE_TERMINATED)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What one card says, and of its chip what anybody may ask.

    Attributes:
        atr: answer to reset as received; a hint, proved by nothing.
        life_cycle: octet of GET DATA DF01; None when the card knows no life cycle.
        key_versions: of the key sets on the card, ascending; empty when it does not tell.
        identity: what EF.CardID says; proved only if the examination is.
        examination: as at a desk.
    """

    atr: bytes
    life_cycle: int | None = None
    key_versions: tuple[int, ...] = ()
    identity: CardIdentity | None = None
    examination: Examination


@dataclass(frozen=True, slots=True)
class _Chip:
    life_cycle: int | None
    key_versions: tuple[int, ...]


def inspect_card(
    examiner: CardExaminer, card: PresentedCard, *, can: str | None = None
) -> Inspection:
    """Return the examination of the card and, after a reset, what its chip tells of itself.

    With ``can``, the six digits printed on the card, the examination opens it by PACE; what the
    chip tells of itself it tells everybody. Never raises for anything that a card or a reader
    did; what it did not tell is missing.
    """
    atr = card.atr
    examination, reading = examiner.examine_with_reading(card, can=can)
    found = Inspection(atr=atr, examination=examination, identity=_identity(reading))
    if examination.problem in _ANSWERING:
        chip = _ask_chip(card)
        found = replace(found, life_cycle=chip.life_cycle, key_versions=chip.key_versions)
    return found


def _ask_chip(card: PresentedCard) -> _Chip:
    try:
        card.reset()
        return drive(_read_chip(), card.exchange)
    except (LinkError, PeerError):
        return _Chip(None, ())


def _read_chip() -> Flow[_Chip]:
    yield from select_application(Directory.ROOT.aid, tolerated=_STATES)
    life_cycle = yield from _if_told(read_life_cycle())
    keys = yield from _if_told(read_key_information())
    return _Chip(life_cycle, tuple(sorted({key.version for key in keys or ()})))


def _if_told(flow: Flow[T]) -> Flow[T | None]:
    try:
        return (yield from flow)
    except PeerError:
        return None


def _identity(reading: CardReading | None) -> CardIdentity | None:
    if reading is None or reading.files.card_id is None:
        return None
    try:
        return decode_card_id(reading.files.card_id).identity
    except MalformedDataError:
        return None
