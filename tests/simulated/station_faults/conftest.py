"""What the stories of this folder stand on."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from simulators.reader.daemon import PrivatePcscd
from tests.office_world import World
from tests.pcsc_stack import pcsc_namespace, pcscd
from tests.simulated.station_faults.at_module import module_stage
from tests.simulated.station_faults.stage import Stage
from tests.simulated.station_floor.stations import new_station
from tests.unit.web_office.conftest import ready_file, world

DISK: Final = "128k"

__all__ = [
    "disks",
    "hands",
    "machines",
    "modules",
    "offices",
    "pcsc_namespace",
    "pcscd",
    "ready_file",
    "world",
]


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A station whose cards come by machines."""
    return Stage(tmp_path, new_station(tmp_path), 0, monkeypatch)


@pytest.fixture
def disks(machines: Stage, pcsc_namespace: None) -> Iterator[Stage]:  # noqa: ARG001 - its effect
    """A station with a small disk of its own, a mount that this process alone sees."""
    folder = machines.path / "small"
    folder.mkdir()
    options = f"size={DISK},mode=0700"
    command = ("mount", "-t", "tmpfs", "-o", options, "small", str(folder))
    subprocess.run(command, check=True, capture_output=True)
    machines.change(station_folder=folder)
    yield machines
    subprocess.run(("umount", "--lazy", str(folder)), check=True, capture_output=True)


@pytest.fixture
def hands(machines: Stage, pcscd: PrivatePcscd) -> Stage:
    """A station with PC/SC readers, before which a person sits."""
    machines.daemon = pcscd
    return machines


@pytest.fixture
def offices(machines: Stage, world: World) -> Stage:
    """A station that asks an office."""
    machines.world = world
    return machines


@pytest.fixture
def modules(machines: Stage) -> Stage:
    """A station whose keys are in a security module."""
    return module_stage(machines)
