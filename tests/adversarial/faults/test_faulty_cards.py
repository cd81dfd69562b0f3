"""Any plan around any card: only what the seam allows, the same each time, and no torn memory."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulators.card import (
    CardMuteError,
    CountedClock,
    NonVolatileMemory,
    PowerCut,
    SoftwareCard,
)
from simulators.card.foreign import RandomCard
from simulators.card.tampering import copy_of
from simulators.faults import (
    AskForGetResponse,
    BitErrors,
    CutPower,
    Fault,
    FaultPlan,
    FaultyCard,
    When,
)
from simulators.reader.card import Card
from tests.unit.faults.stage import (
    LIFE_CYCLE,
    SELECT_ATR_INFO,
    SELECT_OWNER,
    SELECT_OWNER_DF,
    SELECT_ROOT,
    field_card,
)
from tests.unit.faults.strategies import plans
from tests.unit.simulators.card.hosts import OK, dgi
from tests.unit.simulators.card.issuing import (
    NEW_INSURER,
    NEW_SOD,
    Content,
    Drawn,
    new_blank,
    open_session,
    personalization,
    personalized,
    trust_point,
)

COMMANDS = (
    SELECT_ROOT,
    SELECT_ATR_INFO,
    SELECT_OWNER_DF,
    SELECT_OWNER,
    LIFE_CYCLE,
    bytes.fromhex("00B0000000"),
    bytes.fromhex("00B00000000000"),
    bytes.fromhex("00B0000AFF"),
    bytes.fromhex("00C00000"),
    bytes.fromhex("00C0000003"),
    bytes.fromhex("8050300008") + bytes(8),
    b"",
    b"\x00",
)
POWER_UP, RESET, POWER_DOWN = "power_up", "reset", "power_down"
CARDS: dict[str, Callable[[], Card]] = {
    "policy card": lambda: copy_of(personalized(), entropy=Drawn()),
    "field card": field_card,
    "raving card": lambda: RandomCard(1),
}
_steps = st.lists(
    st.sampled_from(COMMANDS) | st.sampled_from([POWER_UP, RESET, POWER_DOWN]), max_size=25
)


def _history(card: Card, plan: FaultPlan, steps: list[bytes | str]) -> list[object]:
    """All that a reader and the ports of the card see."""
    seen: list[object] = []
    faulty = FaultyCard(
        card,
        plan,
        memory=getattr(card, "memory", None),
        sleep=seen.append,
        on_fault=seen.append,
        pull=lambda: seen.append("pulled"),
        vanish=seen.append,
    )
    for step in steps:
        try:
            if isinstance(step, bytes):
                answer = faulty.execute(step)
                assert isinstance(answer, bytes)
                seen.append(answer)
            else:
                seen.append(getattr(faulty, step)())
                seen.append(faulty.atr)
        except (PowerCut, CardMuteError) as event:
            seen.append(type(event))
    return seen


@pytest.mark.parametrize("kind", CARDS)
@given(plan=plans(), steps=_steps)
@example(FaultPlan((Fault(AskForGetResponse()), Fault(BitErrors(bits=9)))), list(COMMANDS))
@settings(max_examples=60, deadline=None)
def test_any_plan_leaves_octets_silence_or_a_loss_of_power_and_the_same_each_time(
    kind: str, plan: FaultPlan, steps: list[bytes | str]
) -> None:
    first, second = (_history(CARDS[kind](), plan, steps) for _ in range(2))
    assert first == second


@given(steps=_steps)
@settings(max_examples=60, deadline=None)
def test_without_a_fault_that_strikes_a_card_is_as_it_is(steps: list[bytes | str]) -> None:
    never = FaultPlan((Fault(CutPower(), When(nth=1_000)), Fault(CutPower(), When(write=10_000))))
    assert _history(CARDS["policy card"](), never, steps) == _history(
        CARDS["policy card"](), FaultPlan(), steps
    )


class _Hosted:
    """A faulty card with the members that the hosts of the card's tests use."""

    def __init__(self, card: SoftwareCard, plan: FaultPlan) -> None:
        self.memory: NonVolatileMemory = card.memory
        faulty = FaultyCard(card, plan, memory=card.memory)
        self.execute = faulty.execute
        self.reset = faulty.reset


def _change_insurer(card: _Hosted) -> None:
    stream = dgi("0302", NEW_INSURER) + dgi("011D", NEW_SOD) + dgi("01B0", b"\x03\x02")
    assert open_session(card).store(stream) == OK


def _in_use() -> SoftwareCard:
    card = copy_of(personalized(Content(cvca=trust_point())))
    return SoftwareCard(card.memory, entropy=Drawn(), clock=CountedClock())


def _personalize(card: _Hosted) -> None:
    for step in personalization(card, Content(cvca=trust_point())):
        step()


def _states(
    make: Callable[[], SoftwareCard], act: Callable[[_Hosted], None]
) -> tuple[list[dict[str, bytes]], int]:
    """What the memory holds after each command of a run without faults, and its writes."""
    card = make()
    before = card.memory.writes
    hosted = _Hosted(card, FaultPlan())
    states = [card.memory.cells()]
    execute = hosted.execute

    def noting(command: bytes) -> bytes:
        answer = execute(command)
        states.append(card.memory.cells())
        return answer

    hosted.execute = noting
    act(hosted)
    return states, card.memory.writes - before


@pytest.mark.parametrize(("make", "act"), [(_in_use, _change_insurer), (new_blank, _personalize)])
def test_a_plan_can_cut_at_every_write_and_each_time_the_state_is_old_or_new(
    make: Callable[[], SoftwareCard], act: Callable[[_Hosted], None]
) -> None:
    allowed, writes = _states(make, act)
    assert writes > 8
    for write in range(1, writes + 1):
        card = make()
        plan = FaultPlan((Fault(CutPower(), When(write=write)),))
        with pytest.raises(PowerCut):
            act(_Hosted(card, plan))
        card.power_up()
        assert card.memory.cells() in allowed, f"write {write}"


@pytest.mark.parametrize("write", range(1, 9))
def test_the_nth_write_of_store_data_is_met_whatever_was_written_before(write: int) -> None:
    card = _in_use()
    store_data = When(header="84E288**", times=1)
    plan = FaultPlan((Fault(CutPower(write=write), store_data),))
    hosted = _Hosted(card, plan)
    old = card.memory.get("file:FOMS_INS/0302")
    assert old is None
    with pytest.raises(PowerCut):
        _change_insurer(hosted)
    card.power_up()
    # Three cells and the mark: up to the fourth write nothing holds, from the fifth on everything.
    committed = write > 4
    assert (card.memory.get("file:FOMS_INS/0302") == NEW_INSURER) is committed
    assert (card.memory.get("file:FOMS_ROOT/011D") == NEW_SOD) is committed


def test_a_thousand_faults_at_once_are_borne() -> None:
    random = Random(1)  # noqa: S311 - a test's dice
    faults = tuple(
        Fault(BitErrors(bits=random.randint(1, 8)), When(probability=0.01)) for _ in range(1_000)
    )
    seen = _history(CARDS["field card"](), FaultPlan(faults), [SELECT_ROOT] * 20)
    assert sum(isinstance(one, bytes) for one in seen) == 20
