"""A town with an office, a station, a service, and one desk that is enrolled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.conftest import ready_file
from tests.simulated.clinic.clocks import TownClock
from tests.simulated.clinic.desks import DeskAt, Place
from tests.simulated.clinic.town import Town, new_town

__all__ = ["ready_file"]


@pytest.fixture
def town(ready_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    clock = TownClock()
    clock.rule(monkeypatch)
    with new_town(tmp_path, ready_file, clock) as found:
        yield found


@pytest.fixture
def place(town: Town, tmp_path: Path) -> Place:
    """Where a desk stands that was enrolled with a code of the office."""
    place = Place(town, tmp_path / "desk")
    place.enrol(town.code(town.clinic()))
    return place


@pytest.fixture
def desk(place: Place) -> Iterator[DeskAt]:
    """That desk, fresh."""
    with place.at_work() as found:
        assert found.refresh() == set()
        yield found
