"""What a station and a central service say to each other while one card is made.

The central has the keys and makes the card; the station has the reader, the journal and the
printers. One conversation is one making: the station begins it with an order, then the central
asks, one thing at a time, and the station answers that one thing. Source: docs/central-service.md.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import MadeCard

PATH: Final = "/central/v1/makings"
LONGEST_BEGIN: Final = 64 << 10  # octets: a photo of 22,528 in base64, and the texts
LONGEST_MESSAGE: Final = 72 << 10  # octets: an extended command or answer is the longest
LONGEST_WORDS: Final = 4 << 10  # octets of a question to the journal, its answer, and an end
MOST_STEPS: Final = 5_000
"""Questions of one making: a card takes some 60, and one that answers in crumbs thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """The station's first message.

    Attributes:
        order_id: the order's name; None: it has none, as for ``Station.make``.
        lane: 1 to 255.
        atr: of the card in the reader, 2 to 33 octets; a hint.
    """

    order: CardOrder = field(repr=False)
    order_id: str | None
    lane: int
    atr: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Send the card one encoded command."""

    command: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reset:
    """Warm-reset the card."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the station's journal; name and arguments as ``journal_calls.CALLS``."""

    name: str
    arguments: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """The end: the card is made, and noted as made in the station's journal."""

    card: MadeCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """The end: the card is not made; also the station's answer when it could not do a step.

    Attributes:
        kind: what of ``central_errors.KINDS`` it was.
        code: of a refusal.
        sw: of a card that refused.
    """

    kind: str
    code: str = ""
    sentence: str = ""
    sw: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """The card's answer to a command."""

    response: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WasReset:
    """The card's answer to reset."""

    atr: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """The journal's answer to the call ``name``."""

    name: str
    value: Any = field(repr=False)


Question = Exchange | Reset | Ask
"""What the central asks; the station answers it once."""

End = Made | Failed
Answer = Answered | WasReset | Said | Failed
Message = Begin | Question | End | Answer
