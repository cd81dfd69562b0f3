"""Faults of the security module that holds the keys: sessions lost, token away, wrong PIN."""

import os
import secrets
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.home.station_lane import ProcessLane
from cardservice.home.station_lane_process import LaneProcess
from cardservice.personalization.floor import Floor
from cardservice.settings import load_settings
from tests.chain import FUND
from tests.interop.softhsm.tokens import LABEL, MODULE, PIN, look_again, opened, tokens_in
from tests.shared import ROOT
from tests.simulated.station_faults.losing import FLAP, ONCE, write_loader
from tests.simulated.station_faults.stage import Stage, all_stopped
from tests.simulated.station_floor.stations import until

WRONG: Final = "999999"


def session_lost(stage: Stage) -> None:
    """Sessions end under the lanes: once, again and again, and because the token is away."""
    stage.machine(stage.rows)
    stage.machine(stage.rows)
    (token,) = (stage.path / "tokens").iterdir()
    away = stage.path / "away"
    with stage.running() as floor:
        until(lambda: floor.view.made >= 1)
        before, processes = floor.view.made, _at_work(floor)
        _signal(processes, ONCE)
        until(lambda: floor.view.made > before + 2)
        assert not stage.codes, "a session is opened again, and nobody need hear of it"
        _signal(processes, FLAP)
        all_stopped(floor, "hsm-session-lost")
        _signal(processes, FLAP)
        floor.resume()
        until(lambda: floor.view.made > before + 5)
        token.rename(away)
        _signal(processes, ONCE)
        all_stopped(floor, "hsm-token-missing")
        assert floor.view.made < stage.rows
        away.rename(token)
        floor.resume()
        until(lambda: floor.view.finished)


def wrong_pin(stage: Stage) -> None:
    """The PIN that was typed is wrong: one lane tries it once, and the token is not locked."""
    stage.machine(stage.rows)
    stage.machine(stage.rows)
    begun = _counted(stage)
    right, stage.secrets = stage.secrets, StationSecrets(KeySecrets(pin=WRONG.encode()))
    with stage.running() as floor:
        all_stopped(floor, "hsm-pin-wrong")
        floor.resume()
        all_stopped(floor, "hsm-pin-wrong")
        assert floor.view.made == 0
    assert len(begun) == 1, "the wrong PIN was tried more than once"
    stage.secrets = right
    stage.finish()


def _counted(stage: Stage) -> list[LaneProcess]:
    """Return a list that every process of a lane gets into."""
    begun: list[LaneProcess] = []

    class Counted(LaneProcess):
        def __init__(self) -> None:
            super().__init__()
            begun.append(self)

    stage.monkeypatch.setattr("cardservice.home.station_lane.LaneProcess", Counted)
    return begun


def _at_work(floor: Floor) -> list[int]:
    """Return the processes of the lanes that have made a card, and so listen."""
    workers = [lane._worker for lane in floor.lanes if lane.view.made]
    found = [one.process for one in workers if isinstance(one, ProcessLane)]
    return [number for number in found if number is not None]


def _signal(processes: Sequence[int], number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)


def module_stage(stage: Stage) -> Stage:
    """Return the stage with a home whose keys are in a token of its own."""
    made = tokens_in(stage.path)
    stage.monkeypatch.setenv("SOFTHSM2_CONF", str(made.configuration))
    look_again()
    folder = Folder(stage.path / "module-home")
    with opened() as keys:
        wish = NewHome(fund=FUND, demonstration=True)
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    stage.settings = load_settings(home=folder.path, hsm_module=MODULE, hsm_token=LABEL)
    stage.secrets = StationSecrets(KeySecrets(pin=PIN.encode()))
    loader = stage.path / "loader"
    loader.mkdir()
    write_loader(loader)
    stage.monkeypatch.setenv("PYTHONPATH", _path(loader, ROOT))
    return stage


def _path(*folders: Path) -> str:
    return os.pathsep.join(map(str, folders))
