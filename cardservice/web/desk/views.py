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
    insurer: str | None = None
    insured: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoView:
    """The photo, or how it is come by.

    Attributes:
        phase: ``not-asked``, ``coming``, ``shown``, ``absent`` or ``failed``.
        address: of the picture when it is shown.
        asks_can: the card opens with its number only, which has to be typed again.
    """

    phase: str
    sentence: str
    address: str | None = field(default=None, repr=False)
    asks_can: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerView:
    """The clerk's part: who holds the card. ``mark`` is ``person`` until somebody said.

    Attributes:
        word, sentence: what to do, or what the clerk has confirmed.
        wrong: said when a date was stated that is not the holder's.
        by_photo: the photo of the chip is on the page, so it may be confirmed.
    """

    mark: str
    word: str
    sentence: str
    wrong: str | None = None
    by_photo: bool = False
    is_open: bool = True


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
        presentation: which card this is about.
        cover: which programme pays here, in one sentence; None where it is not known.
        asks_for: the presentation whose printed number is to be typed; None when none is.
        ran: which protocols the verdict rests on, in one line.
        sheet: address of the verdict on paper.
        substitute: code of why the register may be asked instead; None: the chip did its part.
    """

    key: str
    reader: str
    mark: str
    word: str
    sentence: str
    remedy: str | None = None
    presentation: int = 0
    cover: str | None = None
    bearer: BearerView | None = None
    photo: PhotoView | None = None
    sheet: str | None = field(default=None, repr=False)
    substitute: str | None = None
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
        bearer = self.bearer
        said = "" if bearer is None else bearer.wrong or ("" if bearer.is_open else bearer.word)
        parts = (f"{self.word}.", self.sentence, self.remedy, said)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideView:
    """A paper that was scanned, or the register's answer; ``mark`` as of a panel."""

    mark: str
    title: str
    word: str
    sentence: str
    remedy: str | None = None
    holder: HolderView | None = field(default=None, repr=False)
    facts: tuple[Fact, ...] = ()
    note: str | None = None

    @property
    def announcement(self) -> str:
        """What a screen reader says; never the holder's name."""
        parts = (f"{self.title}:", f"{self.word}.", self.sentence, self.remedy)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastView:
    """One line of today's list."""

    time: str
    reader: str
    mark: str
    word: str
    sentence: str
    bearer: str | None
    substitute: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingView:
    """The bar: ``mark`` is ``online``, ``offline`` or ``trouble``."""

    mark: str
    word: str
    facts: tuple[str, ...]
    troubles: tuple[tuple[str, str], ...]


def key_of(reader: str) -> str:
    """Return a name for a reader that is safe in HTML, 12 hexadecimal digits."""
    return sha256(reader.encode("utf-8", "backslashreplace")).hexdigest()[: 2 * KEY_OCTETS]
