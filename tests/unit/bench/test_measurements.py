"""Every measurement runs from end to end and gives its figure; how fast is no test's business."""

import pytest

from bench.cards import in_turn
from bench.figures import QUICK
from bench.registry import MEASUREMENTS

PCSC = frozenset({"sim.read_pcsc", "sim.read_pcsc.p99", "station.lanes16", "tour.pcsc"})


def _gives_its_figure(name: str) -> None:
    figure = MEASUREMENTS[name](QUICK)
    assert figure.name == name
    assert figure.value > 0
    assert figure.reference
    assert figure.ratio is not None
    assert figure.ratio > 0


@pytest.mark.parametrize("name", sorted(MEASUREMENTS.keys() - PCSC))
def test_a_measurement_returns_the_figure_of_its_name_with_a_reference(name: str) -> None:
    _gives_its_figure(name)


@pytest.mark.pcsc
@pytest.mark.parametrize("name", sorted(PCSC))
def test_a_measurement_over_pcsc_returns_its_figure_on_a_pcscd_of_its_own(name: str) -> None:
    _gives_its_figure(name)


def test_different_things_are_taken_in_turn_and_after_the_last_the_first() -> None:
    taken: list[int] = []
    call = in_turn(taken.append, [1, 2, 3])
    for _ in range(5):
        call()
    assert taken == [1, 2, 3, 1, 2]
