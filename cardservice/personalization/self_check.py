"""Whether a station can begin: every part looked at, each with a word, a code and a remedy.

Nothing here opens anything: what there is to look at comes in as ``Parts``, and a part that
fails does not keep the others from being looked at.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import CardServiceError
from cardservice.personalization.blanks import StationStock, stock_of
from cardservice.personalization.recovery import Recovery
from cardservice.personalization.self_check_clock import CLOCK_WRONG, LIMIT, moved_sentence

Look = Callable[[], str]
"""Looks at something; returns what it found, a sentence, or raises."""


@unique
class Part(StrEnum):
    """What is looked at, in this order."""

    CLOCK = "clock"
    READER = "reader"
    KEYS = "keys"
    STOCK = "stock"
    DISK = "disk"
    JOURNAL = "journal"
    PRINTER = "printer"
    REGISTRY = "registry"
    SAMPLE = "sample card"


@unique
class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARN = "warn"  # the station can begin; somebody should know
    FAIL = "fail"  # it cannot


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What was found of one part.

    Attributes:
        name: of the part; of several alike, with theirs.
        code: stable; empty where all is well.
        sentence: what was found, in English, of no person.
        remedy: what to do; empty where nothing is.
    """

    name: str
    health: Health
    code: str = ""
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """What the clock shows.

    Attributes:
        now: aware.
        jump: how far it was moved since the program began.
        not_before: what happened before now, by name: the signer's certificate begins.
        is_confirmed: a person compared it; then it was the journal's last entry, and what moved
            the clock since, that were wrong.
    """

    now: datetime
    jump: timedelta = timedelta()
    not_before: Mapping[str, datetime] = field(default_factory=dict)
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReading:
    """What the journal says.

    Attributes:
        newest: when its last entry was written, by the clock of then; None: there is none.
        torn_octets: of an entry that a crash left unfinished.
    """

    recovery: Recovery
    newest: datetime | None = None
    torn_octets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A station to be looked at.

    Attributes:
        readers: by name, at least one.
        keys: opens the keys and lets each of them work once.
        free_mib: room on the station's disk, MiB.
        needed_mib: how much has to be there.
        journal: reads the journal; raises where it cannot be believed.
        printers: by what they print.
        absent: what the station does without, by part, with a sentence.
        registry: asks whether the office answers; None: orders come from a table.
        sample: makes a software card with keys of its own, and verifies it.
    """

    clock: Callable[[], ClockReading]
    readers: Mapping[str, Look]
    keys: Look
    free_mib: Callable[[], int]
    needed_mib: int
    journal: Callable[[], JournalReading]
    printers: Mapping[str, Look] = field(default_factory=dict)
    absent: Mapping[Part, tuple[str, str]] = field(default_factory=dict)
    registry: Look | None = None
    sample: Look


_CODES: Final[Mapping[Part, str]] = {
    Part.CLOCK: CLOCK_WRONG,
    Part.READER: "reader-unavailable",
    Part.KEYS: "keys-unavailable",
    Part.STOCK: "stock-differs",
    Part.DISK: "disk-low",
    Part.JOURNAL: "journal-failed",
    Part.PRINTER: "printer-not-ready",
    Part.REGISTRY: "registry-unreachable",
    Part.SAMPLE: "sample-failed",
}
"""What a part that cannot be looked at is called where the error has no code of its own."""

_REMEDIES: Final[Mapping[Part, str]] = {
    Part.CLOCK: "Set the clock right. If it is right and was wrong before: --clock-is-right",
    Part.READER: "Plug the reader in; more: cardservice reader doctor",
    Part.KEYS: "Look at the key store, and at the certificates with: cardservice pki status",
    Part.STOCK: "Count the tray: cardservice station stock count",
    Part.DISK: "Make room on the disk, or choose another one: setting station_folder",
    Part.JOURNAL: "Look at it: cardservice station journal check",
    Part.PRINTER: "Look at the printer and at the settings face_printer and letter_printer.",
    Part.REGISTRY: "Look at the network and at the setting station_office; begun work goes on.",
    Part.SAMPLE: "Install the project again; if it stays, tell who maintains it.",
}


def self_check(parts: Parts) -> list[CheckResult]:
    """Return what was found of every part; nothing that goes wrong escapes."""
    journal = _read(parts)
    reading = journal if isinstance(journal, JournalReading) else None
    newest = None if reading is None else reading.newest
    return [
        _looked(Part.CLOCK, lambda: _clock(parts.clock(), newest)),
        *_several(Part.READER, parts.readers),
        _looked(Part.KEYS, parts.keys),
        _looked(Part.STOCK, lambda: _stock(journal)),
        _looked(Part.DISK, lambda: _disk(parts.free_mib(), parts.needed_mib)),
        *_journal(journal),
        *_several(Part.PRINTER, parts.printers),
        *_absent(parts.absent),
        *_registry(parts.registry),
        _looked(Part.SAMPLE, parts.sample),
    ]


def can_begin(results: Sequence[CheckResult]) -> bool:
    """Say whether nothing fails."""
    return all(one.health is not Health.FAIL for one in results)


class _FoundError(CardServiceError):
    """Something is not as it has to be."""


def _read(parts: Parts) -> JournalReading | Exception:
    try:
        return parts.journal()
    except Exception as error:  # noqa: BLE001 - it is told, by the parts that stand on it
        return error


def _looked(part: Part, look: Look, *, name: str | None = None) -> CheckResult:
    try:
        sentence = look()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one part, the others count
        return _failed(part, error, name or part)
    return CheckResult(name=name or part, health=Health.OK, sentence=sentence)


def _several(part: Part, looks: Mapping[str, Look]) -> Iterator[CheckResult]:
    for name, look in looks.items():
        yield _looked(part, look, name=f"{part} {name}")


def _failed(part: Part, error: Exception, name: str) -> CheckResult:
    remedy = str(getattr(error, "remedy", "") or _REMEDIES[part])
    return CheckResult(
        name=name,
        health=Health.FAIL,
        code=_CODES[part] if part is Part.SAMPLE else _own_code(error) or _CODES[part],
        sentence=_sentence(error).removesuffix(f" ({remedy})"),
        remedy=remedy,
    )


def _own_code(error: Exception) -> str | None:
    """Return the code that an error brings; those of its kind are about cards in a lane."""
    brought = (getattr(error, name, None) for name in ("code", "fault"))
    return next((str(one) for one in brought if isinstance(one, str)), None)


def _sentence(error: Exception) -> str:
    """Return what an error says, unless nobody meant it: then its kind alone."""
    if isinstance(error, OSError):
        return f"{error.filename or 'The system'}: {error.strerror or type(error).__name__}"
    if isinstance(error, CardServiceError):
        return " ".join(str(error).split())
    return f"The program failed: {type(error).__name__}."


def _clock(reading: ClockReading, newest: datetime | None) -> str:
    if abs(reading.jump) > LIMIT and not reading.is_confirmed:
        raise _FoundError(moved_sentence(reading.jump))
    earlier = dict(reading.not_before)
    if newest is not None and not reading.is_confirmed:
        earlier["the newest entry of the journal was written"] = newest
    for what, at in earlier.items():
        if reading.now + LIMIT < at:
            raise _FoundError(f"The clock shows {_said(reading.now)}, but {what} on {_said(at)}.")
    return f"It shows {_said(reading.now)}."


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M %Z}"


def _stock(journal: JournalReading | Exception) -> str:
    if isinstance(journal, Exception):
        raise journal
    stock = stock_of(journal.recovery).require_balance()
    if stock == StationStock():
        return "No blanks were received by serial; none is counted, and none is foreign."
    return f"Blanks: {stock.received} received, {stock.in_tray} in the tray, {stock.begun} begun."


def _disk(free_mib: int, needed_mib: int) -> str:
    if free_mib < needed_mib:
        raise _FoundError(f"{free_mib} MiB are free on the station's disk, not {needed_mib}.")
    return f"{free_mib} MiB are free."


def _journal(journal: JournalReading | Exception) -> Iterator[CheckResult]:
    if isinstance(journal, Exception):
        yield _failed(Part.JOURNAL, journal, Part.JOURNAL)
        return
    recovery = journal.recovery
    torn = " An unfinished entry at its end is dropped." if journal.torn_octets else ""
    sentence = f"It is whole: {len(recovery.cards)} cards.{torn}"
    yield CheckResult(name=Part.JOURNAL, health=Health.OK, sentence=sentence)
    if open_ := len(recovery.open_cards()):
        yield CheckResult(
            name=f"{Part.JOURNAL}, open cards",
            health=Health.WARN,
            code="cards-open",
            sentence=f"{open_} cards were begun and are neither made nor spoiled.",
            remedy="Put them back first; which: cardservice station journal show",
        )


def _absent(absent: Mapping[Part, tuple[str, str]]) -> Iterator[CheckResult]:
    for part, (code, sentence) in absent.items():
        yield CheckResult(
            name=part, health=Health.WARN, code=code, sentence=sentence, remedy=_REMEDIES[part]
        )


def _registry(registry: Look | None) -> Iterator[CheckResult]:
    if registry is None:
        sentence = "Orders come from a table; no office is asked."
        yield CheckResult(name=Part.REGISTRY, health=Health.OK, sentence=sentence)
        return
    found = _looked(Part.REGISTRY, registry)
    # What is leased already is made without the office, and told of later.
    yield found if found.health is Health.OK else replace(found, health=Health.WARN)
