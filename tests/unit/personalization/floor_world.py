"""A floor without threads, readers or time: cards in trays, a registry in a dictionary."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.personalization.floor import Floor, FloorParts
from cardservice.personalization.floor_supply import SupplyPlan, open_orders
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal import Entry, Intent, Kept
from cardservice.personalization.journal_calls import LaneShare, RemoteJournal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.journal_turn import Turn, take_turn
from cardservice.personalization.lane_worker import Bin, Effort, JobDone, LaneFaultError, Stop
from cardservice.personalization.order import PreparedOrder
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_rules import Action, Found
from cardservice.personalization.telling import Reporter
from tests.chain import an_order

START = datetime(2026, 8, 1, 8, tzinfo=UTC)
MS = 10**6
CARD_NS = 8_000 * MS
POINT = b"\x04" + bytes(64)


def job(number: int, **changes: object) -> Job:
    """Return the job ``o-NUMBER``; its card has that place in the status list."""
    order = an_order(index=number)
    made = Job(order_id=f"o-{number}", order=order, label=f"row {number}")
    return replace(made, **changes)  # type: ignore[arg-type]


def serial(number: int) -> bytes:
    """Return a chip's serial number."""
    return number.to_bytes(8)


@dataclass(slots=True)
class Card:
    """A card in somebody's hands; ``faults``: stage → code, raised once as the stage begins."""

    chip: bytes
    faults: dict[str, str] = field(default_factory=dict)
    has_issuer_keys: bool = False
    is_personalized: bool = False
    is_ended: bool = False


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.ns = 0

    def now(self) -> datetime:
        return START + timedelta(microseconds=self.ns / 1000)

    def monotonic_ns(self) -> int:
        return self.ns

    def pass_s(self, seconds: float) -> None:
        self.ns += round(seconds * 10**9)


class Tray:
    """A lane's worker: a person who lays in one card after the other, as the test put them."""

    def __init__(self, clock: Clock, name: str = "reader") -> None:
        self._clock = clock
        self.reader = name
        self.coming: deque[Card] = deque()
        self.card: Card | None = None
        self.stays = False  # nobody takes the card out
        self.bins: list[tuple[Bin, bytes]] = []
        self.asked: list[str] = []
        self.during: Callable[[], None] = lambda: None
        self.fault: LaneFaultError | None = None
        self.closed = 0

    def lay_in(self, *cards: Card) -> None:
        self.coming.extend(cards)

    def await_card(self, stop: Stop) -> bool:
        self._fail()
        if self.card is None and self.coming:
            self.card = self.coming.popleft()
        return self.card is not None and not stop()

    def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
        card = self.card
        assert card is not None
        self.asked.append(job.order_id)
        assert (prepared is None) is (job.order is None)
        self._clock.ns += CARD_NS
        self.during()
        try:
            outcome = make(card, job, RemoteJournal(share.answer))
        except Refusal as refused:
            raise LaneFaultError(refused.code, refused.sentence, chip=card.chip) from None
        return JobDone(outcome, Effort(chip_ns=5_000 * MS, line_ns=2_000 * MS, host_ns=100 * MS))

    def release(self, bin_: Bin, stop: Stop) -> None:
        self._fail()
        if bin_ is Bin.STAY or self.card is None:
            return
        if not self.stays:
            self.bins.append((bin_, self.card.chip))
            self.card = None

    def close(self) -> None:
        self.closed += 1

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault


def make(card: Card, job: Job, journal: RemoteJournal) -> Outcome:
    """Do what a station does with a card, as far as its journal sees it."""
    assert job.order is not None
    number = job.order.card_number
    intent = Intent(order=job.order_id, lane=1, number=number)
    with take_turn(journal, intent, only_once=True) as turn:
        begin = finish if card.is_personalized else fill
        begin(card, turn)
        turn.verified(card.chip)
        trip(card, "made")
        turn.made(card.chip, START)
        trip(card, "printed")
    return Outcome(
        order_id=job.order_id, work=Work.NEW_CARD, chip=card.chip, number=number, signed_at=START
    )


def fill(card: Card, turn: Turn) -> None:
    trip(card, "open")
    if card.is_ended:
        raise Refusal("card-not-blank", "The card is terminated.")
    if not card.has_issuer_keys:
        turn.meet(card.chip, Found.BLANK_TRANSPORT)
        trip(card, "keys")
        card.has_issuer_keys = True
    if turn.meet(card.chip, Found.BLANK_ISSUER) is Action.END:
        end(card, turn)
    turn.keyed(card.chip)
    life = turn.life_of(card.chip)
    if life is None or life.standing is not Standing.STORED:
        turn.key_made(card.chip, POINT)
    trip(card, "data")
    turn.stored(card.chip, START)
    trip(card, "stored")
    card.is_personalized = True
    turn.finalized(card.chip)
    trip(card, "finalized")


def finish(card: Card, turn: Turn) -> None:
    action = turn.meet(card.chip, Found.PERSONALIZED)
    if action is Action.END:
        end(card, turn)
    life = turn.life_of(card.chip)
    if action is not Action.FINISH or life is None:
        raise Refusal("card-not-blank", "The card is used.")
    if (life.order, life.number) != (turn.intent.order, turn.intent.number):
        raise Refusal("card-of-another-order", "This card was begun for another order.")
    turn.finalized(card.chip)
    trip(card, "finalized")


def end(card: Card, turn: Turn) -> None:
    card.is_ended, card.is_personalized = True, False
    turn.ended(card.chip)
    raise Refusal("card-spoiled", "The card counts as spoiled.")


def trip(card: Card, stage: str) -> None:
    code = card.faults.pop(stage, None)
    if code is not None:
        raise LaneFaultError(code, "It went wrong.", chip=card.chip)


class Registry:
    """A source of jobs that remembers who has what; ``outage`` is the code it fails with."""

    def __init__(self, jobs: Sequence[Job] = ()) -> None:
        self.queue: deque[Job] = deque(jobs)
        self.ours: dict[str, Job] = {}
        self.outage = ""
        self.lost: list[str] = []
        self.given_back: list[str] = []
        self.told: list[str] = []
        self.asks: list[str] = []

    def take(self, count: int) -> Sequence[Job]:
        self._answer("take")
        taken = [self.queue.popleft() for _ in range(min(count, len(self.queue)))]
        self.ours.update((one.order_id, one) for one in taken)
        return taken

    def again(self, order_id: str) -> Job | None:
        self._answer("again")
        return self.ours.get(order_id)

    def renew(self) -> Sequence[str]:
        self._answer("renew")
        lost, self.lost = self.lost, []
        for order_id in lost:
            self.ours.pop(order_id, None)
        return lost

    def give_back(self, order_id: str) -> None:
        self._answer("give back")
        if self.ours.pop(order_id, None) is None:
            raise Refusal("lease-not-yours", "Another station has the order.")
        self.given_back.append(order_id)

    def tell(self, outcome: Outcome) -> None:
        self._answer("tell")
        self.told.append(outcome.order_id)
        self.ours.pop(outcome.order_id, None)

    def _answer(self, what: str) -> None:
        self.asks.append(what)
        if self.outage:
            raise SourceUnavailableError(self.outage, "The registry does not answer.")


class World:
    """A floor with its lanes, moved step by step."""

    def __init__(  # noqa: PLR0913 - what a floor stands on, all but one by keyword
        self,
        registry: Registry | None = None,
        *,
        lanes: int = 1,
        jobs: int = 0,
        ahead: int = 8,
        limit: int | None = None,
        ends_when_dry: bool = False,
        journal: MemoryJournal | None = None,
    ) -> None:
        self.clock = Clock()
        self.registry = registry or Registry([job(one) for one in range(1, jobs + 1)])
        self.file = journal or MemoryJournal(self.clock.now)
        begun = open_orders(self.file.entries())
        self.journal = StationJournal(self.file)
        self.trays = [Tray(self.clock, f"reader {one}") for one in range(1, lanes + 1)]
        plan = SupplyPlan(ahead=ahead, lease_s=7200, limit=limit, ends_when_dry=ends_when_dry)
        self.floor = Floor(
            self.trays,
            FloorParts(
                name="test",
                journal=self.journal,
                source=self.registry,
                teller=Reporter(self.journal, self.registry),
                plan=plan,
                begun=begun,
                clock=self.clock.now,
                monotonic_ns=self.clock.monotonic_ns,
                patience_s=0,
            ),
        )

    @property
    def tray(self) -> Tray:
        return self.trays[0]

    def state(self, lane: int = 1) -> str:
        view = self.floor.view.lanes[lane - 1]
        return f"{view.state.value} {view.code}".strip()

    def run(self, turns: int = 8) -> "World":
        for _ in range(turns):
            self.floor.tick_supply()
            for lane in self.floor.lanes:
                lane.turn()
            self.floor.tick_telling()
        return self

    def lane_turns(self, lane: int, turns: int = 1) -> "World":
        for _ in range(turns):
            self.floor.lanes[lane - 1].turn()
        return self

    def entries(self) -> list[Entry]:
        return [kept.entry for kept in self.file.entries()]

    def kept(self) -> list[Kept]:
        return list(self.file.entries())
