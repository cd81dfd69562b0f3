"""What the hands did, what the desk made of it, and whether the two agree.

All times are of one monotonic clock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from typing_extensions import override

from cardservice.desk.presentations import Presentation
from cardservice.verify.examination import Problem
from cardservice.web.desk.ending import ended, presentation_of
from cardservice.web.desk.hub import Change, DeskHub
from cardservice.web.desk.state import DeskState

LAY_S: Final = 2.0
"""A card that lay so long before a pcscd that worked was presented."""
RECOVERY_S: Final = 3.5
"""After a restart: the watch comes back within 2 s, the driver's slot within 1, pcscd looks
every 0.4."""
DOWN_S: Final = 0.02  # a pcscd that was killed takes longer to come back
LATE_S: Final = 2.0  # an insertion may be told after the card left; not later than that
CUT_S: Final = 1.0  # what failed so shortly before the card left failed because it left
_CUT: Final = frozenset({Problem.CARD_REMOVED.value, Problem.READER_FAILED.value})

Answer = tuple[str | None, str]
"""Outcome of the verdict, None if there was none, and the code of what decided."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A card in a reader from ``start`` to ``end``."""

    card: str
    reader: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Down:
    """A time without pcscd."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Span:
    """A stay, or the part of it before one and the same pcscd, so one presentation.

    Attributes:
        seen_from: when pcscd and the desk's watch were there, and the card.
        most: presentations; two if it began while pcscd was ending, which may still tell of it.
    """

    card: str
    reader: str
    start: float
    end: float
    seen_from: float
    most: int = 1

    @property
    def lay(self) -> bool:
        """Whether the card lay long enough to be presented for certain."""
        return self.end - self.seen_from >= LAY_S


@dataclass(frozen=True, slots=True)
class Seen:
    """One presentation that is over, as the desk had it.

    Attributes:
        at: when the reader told of the card; ``judged_at``: when the result was there.
        results: how many it had.
    """

    id: UUID
    reader: str
    at: float
    judged_at: float | None
    results: int
    answer: Answer


class Book:
    """Writes down the presentations of a desk; its hub calls it, one change after the other.

    Attributes:
        ids: of all that are over, and how often they were.
    """

    def __init__(self) -> None:
        self.ids = Counter[UUID]()
        self.over: list[Seen] = []
        self._results = Counter[UUID]()

    def note(self, before: DeskState, after: DeskState) -> None:
        """Take a change of the desk's state."""
        for one in after.readers:
            was = before.reader(one.reader)
            news = was is None or was.examination is not one.examination
            if one.begun is not None and one.examination is not None and news:
                self._results[one.begun.id] += 1
        for one in ended(before, after):
            if one.begun is not None and one.presented_at is not None:
                told = presentation_of(one, one.begun, offline=False)
                seen = Seen(
                    id=told.id,
                    reader=one.reader,
                    at=one.presented_at,
                    judged_at=one.verdict_at,
                    results=self._results.pop(told.id, 0),
                    answer=answer_of(told),
                )
                self.over.append(seen)
                self.ids[told.id] += 1

    def take(self) -> list[Seen]:
        """Return what is over since the last time."""
        over, self.over = self.over, []
        return over


class NotingHub(DeskHub):
    """A desk's hub that lets a book see each change."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book

    @override
    def update(self, change: Change) -> DeskState:
        """Apply ``change`` as every hub does."""

        def noted(desk: DeskState) -> DeskState:
            changed = change(desk)
            self._book.note(desk, changed)
            return changed

        return super().update(noted)


def answer_of(told: Presentation) -> Answer:
    """Return what the service is told of the result."""
    return None if told.outcome is None else told.outcome.value, told.reason


def spans_of(stay: Stay, downs: Sequence[Down]) -> Iterator[Span]:
    """Yield the parts of a stay, cut where pcscd went."""
    start, ready, most = stay.start, stay.start, 1
    for down in sorted(downs, key=lambda one: one.start):
        if down.start >= stay.end:
            break
        if down.start > start:
            yield Span(stay.card, stay.reader, start, down.start, ready, most)
        start = max(start, down.start + DOWN_S)
        ready = max(ready, down.end + RECOVERY_S)
        most = 2 if down.end >= start else most
    if start < stay.end:
        yield Span(stay.card, stay.reader, start, stay.end, ready, most)


@dataclass(slots=True)
class Findings:
    """What was found wrong, by kind, and what was counted.

    Attributes:
        wrong: kind → how often; nothing here is to be there.
        examples: some of them in words.
        lay: spans in which the card lay long enough; ``cut``: named problems of cards that left
            meanwhile; ``unseen``: short spans that nobody saw.
        answers: reason → presentations.
    """

    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    presentations: int = 0
    spans: int = 0
    lay: int = 0
    cut: int = 0
    unseen: int = 0
    answers: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, example: str) -> None:
        """Count something wrong."""
        self.wrong[kind] += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(f"{kind}: {example}")


MOST_EXAMPLES: Final = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """What is right.

    Attributes:
        allowed: card → what the desk may come to, with a service and without.
        restless: cards that leave the reader by themselves and come back.
    """

    allowed: Mapping[str, Collection[Answer]]
    restless: Collection[str] = ()


def judge(
    stays: Sequence[Stay], downs: Sequence[Down], seen: Sequence[Seen], rules: Rules, to: Findings
) -> None:
    """Hold what the desk saw against what the hands did."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for stay in stays:
        spans[stay.reader].extend(spans_of(stay, downs))
    found: dict[Span, list[Seen]] = {one: [] for its in spans.values() for one in its}
    for one in seen:
        its = _span_of(one, spans[one.reader])
        if its is None:
            to.add("made up", f"{one}")
        else:
            found[its].append(one)
    to.presentations += len(seen)
    for span, its_seen in found.items():
        _judge_span(span, its_seen, rules, to)


def _span_of(seen: Seen, spans: Sequence[Span]) -> Span | None:
    before = [one for one in spans if one.start <= seen.at]
    last = max(before, key=lambda one: one.start, default=None)
    return last if last is not None and seen.at <= last.end + LATE_S else None


def _judge_span(span: Span, seen: Sequence[Seen], rules: Rules, to: Findings) -> None:
    to.spans += 1
    to.lay += span.lay
    to.unseen += not seen and not span.lay
    if span.lay and not seen:
        to.add("missed", f"{span}")
    if len(seen) > span.most and span.card not in rules.restless:
        to.add("twice", f"{span} {seen}")
    for one in seen:
        _judge_seen(span, one, rules, to)


def _judge_seen(span: Span, seen: Seen, rules: Rules, to: Findings) -> None:
    to.answers[seen.answer[1]] += 1
    if seen.results > 1:
        to.add("two results", f"{span} {seen}")
    if seen.answer in rules.allowed[span.card] and seen.results:
        return
    if _was_cut(span, seen):
        to.cut += 1
    else:
        to.add("wrong result" if seen.results else "no result", f"{span} {seen}")


def _was_cut(span: Span, seen: Seen) -> bool:
    if seen.answer[0] is not None:
        return False
    if seen.answer[1] == Problem.CARD_MUTE.value:
        # Gone before pcscd had powered it: what is not there does not answer to reset.
        return seen.judged_at is not None and seen.judged_at >= span.end
    return seen.answer[1] in _CUT and (seen.judged_at is None or seen.judged_at >= span.end - CUT_S)
