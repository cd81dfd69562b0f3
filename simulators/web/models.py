"""Bodies of requests and answers."""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from simulators.card import Interface
from simulators.web.simulation import CardRecord, ReaderRecord

NAME_MAX: Final = 200
HOLD_S_MAX: Final = 3_600.0
COMMANDS_MAX: Final = 1_000_000
COMMAND_DIGITS_MAX: Final = 2 * 65_544
"""Source: ISO/IEC 7816-4, section 5.2: 4 + 3 + 65,535 + 2 octets."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_MAX)]
Hex = Annotated[
    str, StringConstraints(pattern=r"^(?:[0-9A-Fa-f]{2}){4,}$", max_length=COMMAND_DIGITS_MAX)
]
Seconds = Annotated[float, Field(gt=0, le=HOLD_S_MAX, allow_inf_nan=False)]


class InterfaceName(StrEnum):
    """How cards are reached in a reader."""

    CONTACT = Interface.CONTACT.value
    CONTACTLESS = Interface.CONTACTLESS.value


class _Wish(BaseModel):
    """Root of the requests: what nobody understands is refused."""

    model_config = ConfigDict(extra="forbid")


class NewReader(_Wish):
    """A reader of this process."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"interface": "contactless"}]})

    interface: InterfaceName = InterfaceName.CONTACT


class CardIn(_Wish):
    """Which card is to be in the reader: one of the tray, or of the zoo by its name.

    With ``hold_s`` it is removed by itself after so many seconds.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"card": "valid"}, {"card": "blocked", "hold_s": 2}]}
    )

    card: Name
    hold_s: Seconds | None = None


class Pull(_Wish):
    """After which command from now the card is pulled out; ``during`` loses its answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"after": 3, "during": True}]})

    after: Annotated[int, Field(ge=1, le=COMMANDS_MAX)]
    during: bool = False


class TimingNames(_Wish):
    """Names of models as ``cardsim models`` lists them; what is left out is as usual."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"mode": "virtual", "chip": "median"}]}
    )

    mode: Name
    chip: Name | None = None
    contact_line: Name | None = None
    contactless_line: Name | None = None
    reader: Name | None = None

    @property
    def given(self) -> dict[str, str]:
        """The names that were given."""
        return self.model_dump(exclude_none=True)


class Command(_Wish):
    """A command APDU in hexadecimal digits, at least the four octets of a header."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"command": "00A4040C07464F4D535F4944"}]}
    )

    command: Hex


class NewCard(_Wish):
    """What a card is to be: exactly one of ``blank``, ``zoo`` and ``image``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"blank": True}, {"zoo": "blocked"}]})

    blank: Literal[True] | None = None
    zoo: Name | None = None
    image: dict[str, JsonValue] | None = Field(
        default=None, description="The content of a state file, as GET …/image answers it."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(one is not None for one in (self.blank, self.zoo, self.image)) != 1:
            raise ValueError("exactly one of blank, zoo and image")
        return self


class FaultsView(BaseModel):
    """A plan in force; ``name`` if it came with the package."""

    name: str | None
    plan: dict[str, Any]


class ReaderView(BaseModel):
    """A reader and what is in it.

    ``address`` is HOST:PORT where PC/SC's driver listens, null for a reader of this process.
    """

    name: str
    interface: InterfaceName
    address: str | None
    card: str | None
    faults: str | None = Field(description="Name of the ready plan in force, or `plan`.")
    timing: dict[str, str] | None

    @classmethod
    def of(cls, record: ReaderRecord) -> Self:
        """Return what is told of a reader."""
        faults, times = record.wishes.faults, record.wishes.times
        return cls(
            name=record.name,
            interface=InterfaceName(record.interface.value),
            address=record.address,
            card=record.card,
            faults=(faults.name or "plan") if faults else None,
            timing=dict(times.names) if times else None,
        )


class Judgement(BaseModel):
    """What a desk must come to on one way, and the code of the reason that decides."""

    outcome: str
    reason: str


class ZooView(BaseModel):
    """A card of the zoo and what must be judged of it."""

    name: str
    about: str
    judged: dict[str, Judgement]
    has_image: bool


class CardView(BaseModel):
    """A card. ``made`` is false for a card of the zoo that nobody has used yet."""

    name: str
    kind: str
    zoo: str | None
    reader: str | None
    can: str | None = Field(description="The number printed on it; fictional.")
    made: bool
    has_image: bool

    @classmethod
    def of(cls, record: CardRecord) -> Self:
        """Return what is told of a card."""
        return cls(
            name=record.name,
            kind=record.kind.value,
            zoo=record.entry.name if record.entry else None,
            reader=record.reader,
            can=record.can,
            made=record.made,
            has_image=record.has_image,
        )


class Answer(BaseModel):
    """A card's answer in hexadecimal digits: all of it, its data, its status word."""

    answer: str
    data: str
    sw: str


class Reset(BaseModel):
    """The answer to a reset, in hexadecimal digits."""

    atr: str


class Removed(BaseModel):
    """The card that was in the reader, null if it was empty."""

    card: str | None


class Health(BaseModel):
    """``status`` is ``ok``; how many readers and made cards there are, and the last event."""

    status: str
    readers: int
    cards: int
    newest_event: int
