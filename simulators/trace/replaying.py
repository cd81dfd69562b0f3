"""Feeding a recorded conversation back to a card, up to the first difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulators.card import CountedClock, Interface, NonVolatileMemory, SoftwareCard
from simulators.card.apdu import parse_command
from simulators.card.ports import SystemEntropy
from simulators.card.status import SW_OCTETS
from simulators.reader.card import Card
from simulators.trace.errors import TraceError
from simulators.trace.explaining import Explanation, explain, explain_status
from simulators.trace.file import Trace
from simulators.trace.pieces import Piece, Pieces, join, length_of, shown, split, whole
from simulators.trace.place import Follower
from simulators.trace.public import shows_status, visible_in_answer
from simulators.trace.records import Entry, Kind, Masking
from simulators.trace.sealing import TraceKeys, keys_of

NOTHING: Final = "no answer"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first event at which card and trace part.

    Attributes:
        number: of the event in the trace.
        event: the event in words.
        where: in the answer.
        expected, got: for people; what the trace masks is masked in both.
    """

    number: int
    event: str
    where: str
    expected: str
    got: str
    expected_meaning: str = ""
    got_meaning: str = ""

    def as_mapping(self) -> dict[str, object]:
        """Return it as ``--json`` writes it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a replay ended: after how many events, with which difference, None when there is none."""

    events: int
    difference: Difference | None


def card_of(cells: Mapping[str, bytes], trace: Trace, *, anyway: bool = False) -> SoftwareCard:
    """Return the card of the image, on a copy of its memory, as it was recorded.

    Its random numbers are those of the recording, and its waits take no time.

    Raises:
        TraceError: the image is not that of the recording, and ``anyway`` does not let it pass.
    """
    header = trace.header
    keys = keys_of(cells, header.salt)
    if not anyway:
        _check_image(cells, trace, keys)
    draws = keys.entropy() if keys and header.replayable_entropy else SystemEntropy()
    return SoftwareCard(
        NonVolatileMemory(cells),
        interface=Interface(header.interface) if header.interface else Interface.CONTACT,
        entropy=draws,
        clock=CountedClock(),
    )


def replay_on_image(cells: Mapping[str, bytes], trace: Trace, *, anyway: bool = False) -> Outcome:
    """Return how the trace goes on the card of this memory, of which a copy is used.

    Raises:
        TraceError: another image (unless ``anyway``), or a command that cannot be known.
    """
    card = card_of(cells, trace, anyway=anyway)
    return replay(trace, card, keys=keys_of(cells, trace.header.salt))


def replay(trace: Trace, card: Card, *, keys: TraceKeys | None = None) -> Outcome:
    """Return how the conversation goes with ``card``, up to the first difference.

    With ``keys`` masked octets are compared too; without, their number and all that is in clear.

    Raises:
        TraceError: a command is masked and cannot be known.
    """
    player = _Player(trace, card, keys)
    for entry in trace.entries:
        difference = player.play(entry)
        if difference is not None:
            return Outcome(entry.number, difference)
    return Outcome(len(trace.entries), None)


def command_octets(entry: Entry, keys: TraceKeys | None) -> bytes:
    """Return the recorded command.

    Raises:
        TraceError: a part of it was withheld, or does not open.
    """
    octets = whole(join(entry.sent, keys, entry.places[0]))
    if octets is None:
        raise TraceError(
            f"event {entry.number}: octets of the command are masked, so it cannot be sent again",
            remedy="give the image of the card that was recorded, or record with --unmasked",
        )
    return octets


def first_difference(opened: list[bytes | None], pieces: Pieces, got: bytes) -> int | None:
    """Return the first octet that differs, as far as the octets are known; None when none does.

    Where one ends before the other, it is the octet after the shorter.
    """
    position = 0
    for piece, octets in zip(pieces, opened, strict=True):
        part = got[position : position + piece.length]
        if octets is not None and octets != part:
            return position + _common(octets, part)
        if len(part) < piece.length:
            return position + len(part)
        position += piece.length
    return None if position == len(got) else position


class _Player:
    """The card under replay, and what is known of where it is."""

    def __init__(self, trace: Trace, card: Card, keys: TraceKeys | None) -> None:
        self._card = card
        self._keys = keys
        self._masked = trace.header.masking is not Masking.NONE
        self._follower = Follower()

    def play(self, entry: Entry) -> Difference | None:
        if entry.kind is Kind.COMMAND:
            return self._command(entry)
        self._follower.reset()
        if entry.kind is Kind.POWER_DOWN:
            self._card.power_down()
            return None
        atr = self._card.power_up() if entry.kind is Kind.POWER_UP else self._card.reset()
        return self._compare(entry, None, atr)

    def _command(self, entry: Entry) -> Difference | None:
        sent = command_octets(entry, self._keys)
        try:
            got = self._card.execute(sent)
        except Exception:  # noqa: BLE001 - whatever a card raises, it has stopped answering
            got = None
        difference = self._compare(entry, sent, got)
        self._follower.follow(parse_command(sent), got)
        return difference

    def _compare(self, entry: Entry, sent: bytes | None, got: bytes | None) -> Difference | None:
        if entry.answer is None or got is None:
            if entry.answer is None and got is None:
                return None
            return self._difference(entry, sent, got, "whether there is an answer")
        opened = join(entry.answer, self._keys, entry.places[1])
        at = first_difference(opened, entry.answer, got)
        if at is None:
            return None
        where = _where(at, entry.answer, got) if sent else f"octet {at + 1} of the ATR"
        return self._difference(entry, sent, got, where)

    def _difference(
        self, entry: Entry, sent: bytes | None, got: bytes | None, where: str
    ) -> Difference:
        expected = entry.answer
        pieces = None if got is None else self._pieces(sent, got)
        return Difference(
            number=entry.number,
            event=_in_words(explain(sent, self._follower)) if sent else entry.kind.value,
            where=where,
            expected=NOTHING if expected is None else shown(expected),
            got=NOTHING if pieces is None else shown(pieces),
            expected_meaning=_expected_meaning(entry) if sent else "",
            got_meaning=_meaning(got) if sent else "",
        )

    def _pieces(self, sent: bytes | None, got: bytes) -> Pieces:
        if not self._masked or sent is None:
            return (Piece(len(got), clear=got),)
        return split(got, visible_in_answer(sent, got, self._follower), None, "")


def _check_image(cells: Mapping[str, bytes], trace: Trace, keys: TraceKeys | None) -> None:
    recorded = trace.header.image
    if recorded is not None and (keys is None or keys.digest(cells) != recorded):
        raise TraceError(
            "this is not the image of the recording, or not as it was when that began",
            remedy="give the image as it was then, or --anyway to see where they part",
        )


def _where(at: int, expected: Pieces, got: bytes) -> str:
    """Say in which part of the answer the octet is, counted from 1 as people count."""
    wanted = length_of(expected)
    if wanted != len(got):
        lengths = f"{wanted} octets were expected, {len(got)} came"
        withheld = any(one.is_masked and one.sealed is None for one in expected)
        return lengths if withheld else f"{lengths}; octet {at + 1} is the first to differ"
    if at >= wanted - SW_OCTETS:
        return "status word"
    masked = " (masked)" if _is_masked(at, expected) else ""
    return f"octet {at + 1} of {wanted - SW_OCTETS} of the data{masked}"


def _is_masked(at: int, pieces: Pieces) -> bool:
    position = 0
    for piece in pieces:
        position += piece.length
        if at < position:
            return piece.is_masked
    return False


def _common(one: bytes, other: bytes) -> int:
    """Return how many octets are the same from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _expected_meaning(entry: Entry) -> str:
    """Say what the recorded status word means, where the trace shows one."""
    if entry.answer is None:
        return NOTHING
    last = entry.answer[-1].clear if entry.answer else None
    return explain_status(last).get("meaning", "") if last else ""


def _meaning(got: bytes | None) -> str:
    if got is None:
        return NOTHING
    return explain_status(got)["meaning"] if shows_status(got) else ""


def _in_words(explanation: Explanation) -> str:
    return f"{explanation.name} {explanation.about}".rstrip()
