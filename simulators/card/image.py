"""The content of non-volatile memory in the card's terms: what is where, and how it is coded."""

from dataclasses import dataclass, field
from enum import IntEnum

from simulators.card.files import FILES, ElementaryFile
from simulators.card.memory import NonVolatileMemory
from simulators.card.status import SW, CommandRefusedError

LIFE_CYCLE = "life cycle"
CHIP_SERIAL = "chip serial"
ATR = "ATR"
KEY_SET = "SCP03 key set"
SEQUENCE_COUNTER = "SCP03 sequence counter"
CHIP_KEY = "chip private key"
PIN = "PIN"
PIN_TRIES = "PIN tries left"
PUK = "PUK"
PUK_TRIES = "PUK tries left"
CAN = "CAN"
PACE_FAILURES = "failed PACE runs"
PROFILE = "profile"
POINTER = "current insurer"
CVCA_CURRENT = "CVCA current"
CVCA_PREVIOUS = "CVCA previous"
CARD_DATE = "card date"

CHIP_SERIAL_OCTETS = 8
PIN_TRIES_MAX = 3
PUK_TRIES_MAX = 10
SEQUENCE_COUNTER_OCTETS = 3
FIRST_SEQUENCE_COUNTER = bytes(SEQUENCE_COUNTER_OCTETS)
_STATIC_KEYS = 3


class LifeCycle(IntEnum):
    """Card life cycle, as GET DATA DF01 gives it. Source: card.md §6."""

    BLANK = 0x07
    PERSONALIZED = 0x0F
    BLOCKED = 0x83
    TERMINATED = 0xFF


class Profile(IntEnum):
    """How much a terminal may see without proving anything. Source: card.md §5."""

    FIELD = 1
    PROTECTED = 2
    PRIVATE = 3


@dataclass(frozen=True, slots=True)
class KeySet:
    """One SCP03 key set: its version and three static AES keys of 16, 24 or 32 octets each."""

    kvn: int
    key_enc: bytes = field(repr=False)
    key_mac: bytes = field(repr=False)
    key_dek: bytes = field(repr=False)

    def encode(self) -> bytes:
        return bytes((self.kvn,)) + self.key_enc + self.key_mac + self.key_dek

    @classmethod
    def decode(cls, octets: bytes) -> "KeySet":
        size = (len(octets) - 1) // _STATIC_KEYS
        keys = (octets[1 + size * i : 1 + size * (i + 1)] for i in range(_STATIC_KEYS))
        return cls(octets[0], *keys)


class Image:
    """Typed reading of the cells. Writing goes through ``memory``, where writes are numbered."""

    def __init__(self, memory: NonVolatileMemory) -> None:
        self.memory = memory
        self.get = memory.get

    def require(self, cell: str) -> bytes:
        """Return the content of a cell that the life cycle guarantees.

        A test may have edited the memory: a card that misses such a cell says ``6581``.
        """
        content = self.get(cell)
        if content is None:
            raise CommandRefusedError(SW.MEMORY_FAILURE)
        return content

    @property
    def life_cycle(self) -> LifeCycle:
        return LifeCycle(self.require(LIFE_CYCLE)[0])

    @property
    def chip_serial(self) -> bytes:
        return self.require(CHIP_SERIAL)

    @property
    def profile(self) -> Profile:
        content = self.get(PROFILE)
        return Profile(content[0]) if content else Profile.FIELD

    @property
    def pointer(self) -> int | None:
        """The id of the current insurer EF, or None before it was set."""
        content = self.get(POINTER)
        return int.from_bytes(content, "big") if content else None

    @property
    def key_set(self) -> KeySet | None:
        content = self.get(KEY_SET)
        return KeySet.decode(content) if content else None

    def content(self, file: ElementaryFile) -> bytes | None:
        """Return the octets of an EF, or None when it does not exist."""
        return self.get(file.cell)

    def all_files_octets(self) -> int:
        """Return how many octets all EFs take together."""
        return sum(len(self.content(file) or b"") for file in FILES)
