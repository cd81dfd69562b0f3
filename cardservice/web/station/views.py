"""What the page shows of a station, in one language; values only."""

from dataclasses import dataclass

from cardservice.web.station.actions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One part of the step bar; ``mark`` is ``past``, ``now`` or ``ahead``."""

    name: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePanel:
    """One lane.

    Attributes:
        mark: its state; colour and symbol follow from it.
        word: the state as the operator reads it.
        next_step: what the operator does next, one sentence.
        code: why it stands there; empty: nothing is wrong.
        sentence: what happened; empty without a code.
        since: when it came to stand there, as the station's clock shows it.
        made, spoiled, per_hour: as they are shown.
        bottleneck: where the time goes, the largest part first; empty before the first card.
        steps: the step bar; empty where no card is in hand.
        sensible: the actions that change something here.
        calls: a person has to come.
    """

    number: int
    mark: str
    word: str
    reader: str
    next_step: str
    code: str
    sentence: str
    work: str
    label: str
    chip: str
    since: str
    made: str
    spoiled: str
    per_hour: str
    bottleneck: str
    steps: tuple[StepView, ...]
    sensible: frozenset[Action]
    calls: bool

    @property
    def key(self) -> str:
        """Return the name of its place on the page."""
        return f"lane-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number with its name; ``mark`` is ``plain``, ``good`` or ``warning``."""

    name: str
    value: str
    mark: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPanel:
    """What is shown of all lanes together; ``outage`` is a code, empty: all is well."""

    facts: tuple[Fact, ...]
    outage: str
    outage_sentence: str
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView:
    """A code with what is said of it."""

    code: str
    sentence: str
    remedy: str
