"""Whatever is done to stock and orders, in whatever order: the equation and the tables hold."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.domain.lives import CARD, ORDER, OrderState
from cardservice.domain.stock import Movement
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.delivery_hand_over import HandOver, OldCard, hand_over
from cardservice.registry.ports_making import Order
from cardservice.registry.stations import GiveBackOrder, give_back_order, return_expired_leases
from cardservice.registry.stations_orders import (
    CancelOrder,
    CancelReason,
    QueueOrderAgain,
    SpoilOrder,
    SpoilReason,
    cancel_order,
    queue_order_again,
    spoil_order,
)
from cardservice.registry.stock import MoveBlanks, ReceiveBlanks, move_blanks, receive_blanks
from cardservice.storage.engine import open_database
from cardservice.storage.schema import migrate
from tests.registry.offices import REGION, Desk, new_desk
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    arrive,
    dispatch,
    lease,
    new_blanks,
    new_place,
    new_policy,
    order_for,
    personalized,
    stock,
)

ORDERS = 3
STATIONS = st.sampled_from([STATION, OTHER_STATION])
WHICH = st.integers(0, ORDERS - 1)
_STEPS = {(one.source, one.target) for one in ORDER.rows}
# A lease that ended is returned in the same transaction that leases the order anew, and a spoiled
# order may be queued again in the one that spoils it; both are two steps of the table.
_TWO_STEPS = {(a, d) for a, b in _STEPS for c, d in _STEPS if b == c}


class OfficeMachine(RuleBasedStateMachine):
    """Clerks and two stations that do anything at any time; most of it is refused."""

    @initialize()
    def open(self) -> None:
        self.ends = ExitStack()
        folder = Path(self.ends.enter_context(TemporaryDirectory()))
        database = self.ends.enter_context(open_database(f"sqlite:///{folder / 'r.sqlite3'}"))
        migrate(database)
        self.desk: Desk = new_desk(database)
        policy, _ = new_policy(self.desk)
        self.orders = [order_for(self.desk, policy).id for _ in range(ORDERS)]
        self.place = new_place(self.desk)
        self.received = 8
        new_blanks(self.desk, 8)
        self.cards_made = 0
        self.states = [OrderState.QUEUED] * ORDERS

    @override
    def teardown(self) -> None:
        if hasattr(self, "ends"):
            self.ends.close()

    def order(self, which: int) -> Order:
        with self.desk.reading() as work:
            found: Order = work.orders.get(REGION, self.orders[which])
        return found

    def common(self, which: int) -> dict[str, Any]:
        order = self.order(which)
        key = self.desk.key()
        return {"region": REGION, "key": key, "order_id": order.id, "version": order.version}

    @rule(count=st.integers(1, 4))
    def receive(self, count: int) -> None:
        first = self.received
        command = ReceiveBlanks(
            region=REGION, key=self.desk.key(), series="B", first=first, last=first + count - 1
        )
        receive_blanks(self.desk.office, self.desk.clerk, command)
        self.received += count

    @rule(movement=st.sampled_from(Movement), count=st.integers(1, 3), station=STATIONS)
    def move(self, movement: Movement, count: int, station: Actor) -> None:
        with_station = movement in {
            Movement.HAND_TO_STATION,
            Movement.TAKE_BACK,
            Movement.SPOIL_AT_STATION,
        }
        command = MoveBlanks(
            region=REGION,
            key=self.desk.key(),
            movement=movement,
            quantity=count,
            station=station.account if with_station else None,
        )
        _tried(lambda: move_blanks(self.desk.office, self.desk.clerk, command))

    @rule(which=WHICH, station=STATIONS)
    def lease(self, which: int, station: Actor) -> None:
        order = self.order(which)
        _tried(lambda: lease(self.desk, order, station))

    @rule(which=WHICH, station=STATIONS)
    def give_back(self, which: int, station: Actor) -> None:
        command = GiveBackOrder(**self.common(which))
        _tried(lambda: give_back_order(self.desk.office, station, command))

    @rule(which=WHICH, station=STATIONS)
    def make(self, which: int, station: Actor) -> None:
        order = self.order(which)
        leased = Answer(id=order.id, version=order.version)
        number = self.cards_made + 1
        if _tried(lambda: personalized(self.desk, leased, station, number=number)):
            self.cards_made += 1

    @rule(
        which=WHICH,
        station=st.sampled_from(["clerk", "one", "other"]),
        reason=st.sampled_from(SpoilReason),
        again=st.booleans(),
    )
    def spoil(self, which: int, station: str, reason: SpoilReason, *, again: bool) -> None:
        command = SpoilOrder(**self.common(which), reason=reason, again=again)
        actors = {"clerk": self.desk.clerk, "one": STATION, "other": OTHER_STATION}
        _tried(lambda: spoil_order(self.desk.office, actors[station], command))

    @rule(which=WHICH)
    def queue_again(self, which: int) -> None:
        command = QueueOrderAgain(**self.common(which))
        _tried(lambda: queue_order_again(self.desk.office, self.desk.clerk, command))

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        command = CancelOrder(**self.common(which), reason=CancelReason.NOT_WANTED)
        _tried(lambda: cancel_order(self.desk.office, self.desk.clerk, command))

    @rule(which=WHICH)
    def send(self, which: int) -> None:
        _tried(lambda: dispatch(self.desk, self.place, self.orders[which]))

    @rule(which=WHICH)
    def receive_list(self, which: int) -> None:
        number = self.order(which).dispatch
        _tried(lambda: arrive(self.desk, number))

    @rule(which=WHICH, old=st.sampled_from(OldCard))
    def hand_over(self, which: int, old: OldCard) -> None:
        command = HandOver(
            **self.common(which),
            place_id=self.place,
            came=Applicant.SELF,
            shown=DocumentType.PASSPORT_RF,
            matched=True,
            old_card=old,
        )
        _tried(lambda: hand_over(self.desk.office, self.desk.clerk, command))

    @rule(which=WHICH)
    def go_on(self, which: int) -> None:
        # What would mostly come next, so that a short run gets to the end of a life too; it is a
        # rule three times, so that it is drawn three times as often as the others.
        match OrderState(self.order(which).state):
            case OrderState.QUEUED:
                self.lease(which, STATION)
            case OrderState.LEASED:
                self.make(which, STATION)
            case OrderState.PERSONALIZED:
                self.send(which)
            case OrderState.IN_DELIVERY:
                self.receive_list(which)
            case _:
                self.hand_over(which, OldCard.TAKEN_BACK)

    @rule(which=WHICH)
    def go_on_again(self, which: int) -> None:
        self.go_on(which)

    @rule(which=WHICH)
    def go_on_once_more(self, which: int) -> None:
        self.go_on(which)

    @rule()
    def wait(self) -> None:
        self.desk.clock.now += timedelta(minutes=40)
        return_expired_leases(self.desk.office, REGION)

    @invariant()
    def the_equation_holds(self) -> None:
        if not hasattr(self, "desk"):
            return
        found = stock(self.desk)
        assert found.difference == 0
        assert (found.received, found.issued) == (self.received, self.cards_made)

    @invariant()
    def every_order_went_a_way_that_is_in_the_table(self) -> None:
        if not hasattr(self, "desk"):
            return
        now = [OrderState(self.order(which).state) for which in range(ORDERS)]
        for before, after in zip(self.states, now, strict=True):
            assert before == after or (before, after) in _STEPS | _TWO_STEPS
        self.states = now

    @invariant()
    def a_policy_has_at_most_one_good_card_and_every_card_a_state_of_the_table(self) -> None:
        if not hasattr(self, "desk"):
            return
        with self.desk.reading() as work:
            policy = work.orders.get(REGION, self.orders[0]).policy_id
            states = [one.state for one in work.cards.of_policy(REGION, policy)]
        assert set(states) <= {one.value for one in CARD.states}
        assert len(states) == self.cards_made
        assert states.count("active") <= 1

    @invariant()
    def only_a_leased_order_has_a_lease(self) -> None:
        if not hasattr(self, "desk"):
            return
        for which in range(ORDERS):
            order = self.order(which)
            assert (order.leased_until is not None) == (order.state == OrderState.LEASED)


def _tried(act: Any) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True


TestOffice = OfficeMachine.TestCase
TestOffice.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
