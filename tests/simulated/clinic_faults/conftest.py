"""What the stories of this folder stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.conftest import ready_file
from tests.simulated.clinic.clocks import TownClock
from tests.simulated.clinic.town import new_town
from tests.simulated.clinic_faults.line import Line
from tests.simulated.clinic_faults.stage import Stage, stage_of

__all__ = ["ready_file"]


@pytest.fixture
def stage(ready_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    clock = TownClock()
    clock.rule(monkeypatch)
    with (
        Line().served() as line,
        new_town(tmp_path, ready_file, clock, front=line.before) as town,
        stage_of(town, line, tmp_path) as found,
    ):
        yield found
