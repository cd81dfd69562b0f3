"""A floor under random cards, faults, wishes, outages and kills: every job is accounted for."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.personalization.floor_parts import is_made
from cardservice.personalization.floor_supply import open_orders
from cardservice.personalization.journal import CardMade
from cardservice.personalization.lane_faults import REACTIONS
from cardservice.personalization.recovery_lives import Standing
from tests.unit.personalization.floor_world import Card, World, serial

JOBS: Final = 6
ROUNDS: Final = 4 * JOBS
LANES: Final = 2
LEASE_S: Final = 7200
STAGES: Final = ("open", "keys", "data", "stored", "finalized", "made", "printed")
CODES: Final = sorted(code for code in REACTIONS if code != "card-of-another-order")

lane_numbers = st.integers(1, LANES)
cards = st.tuples(
    st.just("card"),
    lane_numbers,
    st.integers(1, 2 * JOBS),  # the same chip may come again, and so may its twin
    st.none() | st.tuples(st.sampled_from(STAGES), st.sampled_from(CODES)),
)
wishes = st.tuples(
    st.sampled_from(["pause", "resume", "skip", "repeat"]), lane_numbers, st.none(), st.none()
)
events = st.tuples(
    st.sampled_from(["outage", "answer", "later", "lose", "look", "kill", "finish", "stop"]),
    *(st.none(), st.none(), st.none()),
)
Event = tuple[str, int | None, int | None, tuple[str, str] | None]
steps = cards | wishes | events


class Story:
    """A world in which things happen; cards live on when the station is killed."""

    def __init__(self) -> None:
        self.world = World(jobs=JOBS, lanes=LANES, ahead=4)
        self.cards: dict[int, Card] = {}

    def happen(self, event: Event) -> None:
        what, lane, number, fault = event
        if what == "card" and lane is not None and number is not None:
            card = self.cards.setdefault(number, Card(serial(number)))
            if fault is not None:
                card.faults[fault[0]] = fault[1]
            self.world.trays[lane - 1].lay_in(card)
        elif lane is not None:
            getattr(self.world.floor, what)(lane)
        else:
            _HAPPENINGS[what](self)
        self.world.run(2)

    def kill(self) -> None:
        """Start the station anew over what its journal kept; leases of the rest run out."""
        before = self.world
        begun = set(open_orders(before.file.entries()))
        for order in sorted(set(before.registry.ours) - begun):
            if not is_made(before.journal, order):
                before.registry.queue.append(before.registry.ours.pop(order))
        after = World(before.registry, lanes=LANES, ahead=4, journal=before.file)
        self.world = after

    def lose(self) -> None:
        ours = sorted(self.world.registry.ours)
        self.world.registry.lost = ours[:1]
        self.world.clock.pass_s(LEASE_S / 3)

    def outage(self) -> None:
        self.world.registry.outage = "registry-unreachable"

    def answer(self) -> None:
        self.world.registry.outage = ""

    def judge(self) -> None:
        """Hold what must be true at every moment."""
        counts = self.world.floor.counts
        ended = counts.made + counts.spoiled + counts.given_back + counts.lost
        assert counts.taken == ended + counts.in_hand
        made = Counter(
            (entry.order, entry.chip)
            for entry in self.world.entries()
            if isinstance(entry, CardMade)
        )
        assert all(times == 1 for times in made.values())
        holders = Counter(
            life.order
            for life in map(self.world.journal.life_of, (one.chip for one in self.cards.values()))
            if life is not None and life.standing is Standing.MADE
        )
        assert all(times == 1 for times in holders.values())


def lay_in_what_is_asked_for(world: World, lane: int, known: Mapping[bytes, Card]) -> None:
    """Do what the lane asks for: the very card that its order is on."""
    job, tray = world.floor._book.job_of(lane), world.trays[lane - 1]
    holder = None if job is None else world.journal.holder_of(job.order_id)
    if holder is not None and holder.chip in known:
        tray.card = None
        tray.coming.appendleft(known[holder.chip])


_HAPPENINGS: Final[Mapping[str, Callable[[Story], None]]] = {
    "outage": Story.outage,
    "answer": Story.answer,
    "later": lambda story: story.world.clock.pass_s(15),
    "lose": Story.lose,
    "look": lambda story: story.world.floor.resume(),
    "kill": Story.kill,
    "finish": lambda story: story.world.floor.finish(),
    "stop": lambda story: story.world.floor.stop(),
}


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=30))
def test_jobs_taken_are_made_spoiled_given_back_lost_or_in_hand(script: list[Event]) -> None:
    story = Story()
    for event in script:
        story.happen(event)
        story.judge()


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=20))
def test_a_station_that_is_stopped_has_nothing_in_hand_but_what_is_on_cards(
    script: list[Event],
) -> None:
    story = Story()
    for event in script:
        story.happen(event)
    world = story.world
    world.registry.outage = ""
    world.clock.pass_s(15)
    world.floor.stop()
    world.run(6)
    assert [world.state(lane).split()[0] for lane in range(1, LANES + 1)] == ["closed"] * LANES
    names = [f"o-{number}" for number in range(1, JOBS + 1)]
    on_cards = [order for order in names if world.journal.holder_of(order) is not None]
    assert world.floor.counts.in_hand <= len(on_cards)


@settings(max_examples=25, deadline=None)
@given(st.lists(steps, max_size=20))
def test_whatever_happened_good_blanks_get_every_order_done_in_the_end(
    script: list[Event],
) -> None:
    story = Story()
    for event in script:
        story.happen(event)
    story.answer()
    for card in story.cards.values():
        card.faults.clear()
    # The registry orders anew what was lost, skipped or spoiled; here only what is still open.
    story.kill()
    world = story.world
    waiting = [*world.registry.ours, *(job.order_id for job in world.registry.queue)]
    known = {card.chip: card for card in story.cards.values()}
    for turn in range(ROUNDS):
        for lane, tray in enumerate(world.trays, start=1):
            tray.coming.clear()
            tray.lay_in(Card(serial(1000 + LANES * turn + lane)))
            lay_in_what_is_asked_for(world, lane, known)
        world.floor.resume()
        world.clock.pass_s(15)
        world.run(10)
    for order in waiting:
        holder = world.journal.holder_of(order)
        done = holder is not None and holder.standing is Standing.MADE
        assert done or order in world.floor.supply.refused or order in world.registry.told
