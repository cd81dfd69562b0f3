"""What a panel shows: ready texts in one language, so that templates only lay them out."""

from dataclasses import dataclass, field
from hashlib import sha256

KEY_OCTETS = 6  # of a SHA-256: no two of a desk's few readers collide


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the holder's data: what it is and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderView:
    """Who the card says its holder is; ``proved`` only under a good signature."""

    surname: str
    names: str
    birth_date: str
    enp: str
    facts: tuple[Fact, ...]
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One line of the list of checks; ``mark`` names its icon and colour."""

    name: str
    mark: str
    answer: str
    sentence: str
    remedy: str | None
    age: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelView:
    """Everything of one reader. ``mark`` names the icon and the colour of the whole panel.

    Attributes:
        asks_for: the presentation whose printed number is to be typed; None when none is.
        ran: which protocols the verdict rests on, in one line.
    """

    key: str
    reader: str
    mark: str
    word: str
    sentence: str
    remedy: str | None = None
    task: CheckView | None = None
    holder: HolderView | None = field(default=None, repr=False)
    checks: tuple[CheckView, ...] = ()
    notes: tuple[str, ...] = ()
    ran: str | None = None
    skipped: tuple[str, ...] = ()
    asks_for: int | None = None
    lifted: bool = False

    @property
    def announcement(self) -> str:
        """What a screen reader says when the panel changes; never the holder's name."""
        return " ".join(part for part in (f"{self.word}.", self.sentence, self.remedy) if part)


def key_of(reader: str) -> str:
    """Return a name for a reader that is safe in HTML, 12 hexadecimal digits."""
    return sha256(reader.encode("utf-8", "backslashreplace")).hexdigest()[: 2 * KEY_OCTETS]
