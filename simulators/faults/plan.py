"""Plans: what goes wrong and when, as data that is the same in Python, TOML and JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulators.faults.exchange import Counts, What
from simulators.faults.kinds import KINDS
from simulators.faults.parameters import Line, Parameter, Whole
from simulators.faults.power import CutPower, Moment, PullCard
from simulators.faults.record import SEE, as_table, at, shown
from simulators.faults.when import Since, When
from simulators.reader.errors import ReaderSetupError

FAULTS_MAX: Final = 1_000
ABOUT: Final = Line(200)
SEED: Final = Whole(0, 2**63 - 1)
ALWAYS: Final = When()

_WHAT, _WHEN = "what", "when"
_ABOUT, _SEED, _FAULTS = "about", "seed", "faults"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and when.

    Raises:
        ReaderSetupError: that kind of fault cannot strike then.
    """

    what: What
    when: When = ALWAYS

    def __post_init__(self) -> None:
        if self.when.write is not None:
            _check_at_write(self.what)
        if self.what.counts is not Counts.COMMANDS:
            _check_not_of_commands(self.what, self.when)

    def as_mapping(self) -> dict[str, object]:
        """Return what a plan says of this fault."""
        when = self.when.as_mapping()
        mapping = {_WHAT: self.what.kind, **self.what.as_mapping()}
        return {**mapping, _WHEN: when} if when else mapping

    @classmethod
    def from_mapping(cls, content: object) -> "Fault":
        """Return the fault that a table of a plan says.

        Raises:
            ReaderSetupError: it says none; one line with the place and what to do.
        """
        table = dict(as_table(content))
        name = table.pop(_WHAT, None)
        if name is None:
            raise ReaderSetupError("what is missing", remedy=f"give a kind of fault: {SEE}")
        kind = KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            raise ReaderSetupError(f"what: {shown(name)} is no kind of fault", remedy=SEE)
        with at(_WHEN):
            when = When.from_mapping(table.pop(_WHEN, {}))
        with at(kind.kind):
            return cls(kind.from_mapping(table), when)


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Faults that a reader, or the card in it, has. Of several at once, earlier ones act first.

    ``seed`` decides whatever is drawn; the same plan and commands give the same faults.

    Raises:
        ReaderSetupError: too many faults, or a seed or a text out of range.
    """

    faults: tuple[Fault, ...] = ()
    seed: int = 0
    about: str = ""

    def __post_init__(self) -> None:
        _check_value(_ABOUT, ABOUT, self.about)
        _check_value(_SEED, SEED, self.seed)
        _check_count(self.faults)

    @property
    def card_faults(self) -> tuple[Fault, ...]:
        """The faults of the card and the line, which a ``FaultyCard`` applies."""
        return tuple(fault for fault in self.faults if not fault.what.is_of_reader)

    @property
    def reader_faults(self) -> tuple[Fault, ...]:
        """The faults of the reader, which need whoever runs the reader."""
        return tuple(fault for fault in self.faults if fault.what.is_of_reader)

    def as_mapping(self) -> dict[str, object]:
        """Return the plan as tables, lists, texts and numbers, as JSON and TOML have them."""
        mapping: dict[str, object] = {_FAULTS: [fault.as_mapping() for fault in self.faults]}
        if self.seed:
            mapping[_SEED] = self.seed
        if self.about:
            mapping[_ABOUT] = self.about
        return mapping

    @classmethod
    def from_mapping(cls, content: object) -> "FaultPlan":
        """Return the plan that parsed JSON or TOML says; any object at all may be given.

        Raises:
            ReaderSetupError: it says none; one line with the place and what to do.
        """
        table = as_table(content)
        names = (_ABOUT, _SEED, _FAULTS)
        for name in table:
            if name not in names:
                raise ReaderSetupError(
                    f"{shown(name)} is unknown here",
                    remedy=f"the names here are: {', '.join(names)}",
                )
        listed = _listed(table.get(_FAULTS))
        about = _checked_text(table.get(_ABOUT, ""))
        seed = _checked_seed(table.get(_SEED, 0))
        faults = []
        for number, one in enumerate(listed, start=1):
            with at(f"fault {number}"):
                faults.append(Fault.from_mapping(one))
        return cls(tuple(faults), seed, about)


def _listed(content: object) -> list[object]:
    if not isinstance(content, list):
        raise ReaderSetupError(
            "faults is missing or no list", remedy="give [[faults]] tables, or a list in JSON"
        )
    _check_count(content)
    return content


def _check_count(faults: Sequence[object]) -> None:
    if len(faults) > FAULTS_MAX:
        raise ReaderSetupError(
            f"there are more than {FAULTS_MAX:,} faults",
            remedy="use every or probability instead of many faults",
        )


def _checked_text(content: object) -> str:
    _check_value(_ABOUT, ABOUT, content)
    return str(content)


def _checked_seed(content: object) -> int:
    _check_value(_SEED, SEED, content)
    return content if isinstance(content, int) else 0


def _check_value(name: str, parameter: Parameter, value: object) -> None:
    if not parameter.fits(value):
        raise ReaderSetupError(f"{name} is wrong", remedy=f"give {parameter.takes}")


def _check_at_write(what: What) -> None:
    cuts = isinstance(what, CutPower | PullCard) and what.moment is Moment.DURING
    if not cuts or (isinstance(what, CutPower | PullCard) and what.write is not None):
        raise ReaderSetupError(
            f"{what.kind} cannot strike at a write",
            remedy="use power-cut or pull with the moment during, and without a write of its own",
        )


def _check_not_of_commands(what: What, when: When) -> None:
    has_since = when.since is not Since.PLAN
    if when.header is not None or when.write is not None or has_since:
        raise ReaderSetupError(
            f"{what.kind} counts {what.counts.value}, not commands",
            remedy="leave out header, write and since",
        )
