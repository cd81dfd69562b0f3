"""Lanes whose keys are in a security module: the PIN is asked once, and tried wrong once."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.home.station_lane import open_lane
from cardservice.home.station_lane_process import LaneProcess
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from cardservice.settings import load_settings
from tests.chain import FUND
from tests.interop.softhsm.tokens import LABEL, MODULE, PIN, look_again, opened, tokens_in
from tests.simulated.station_lanes.lanes import Floor, a_job, make, never


@pytest.fixture
def module_floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    made = tokens_in(tmp_path)
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.configuration))
    look_again()
    folder = Folder(tmp_path / "home")
    with opened() as keys:
        wish = NewHome(fund=FUND, demonstration=True)
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    settings = load_settings(home=folder.path, hsm_module=MODULE, hsm_token=LABEL)
    floor = Floor(tmp_path, settings)
    yield floor
    floor.close()


def test_lanes_make_cards_with_keys_that_are_in_a_module(module_floor: Floor) -> None:
    given = StationSecrets(KeySecrets(pin=PIN.encode()))
    first, second = (open_lane(module_floor.settings, n, "sim:", "", given) for n in (1, 2))
    module_floor.lanes += [first, second]
    with module_floor.journal() as journal:
        make(first, journal, a_job(1))
        make(second, journal, a_job(2))
        first.release(Bin.GOOD, never)
        make(first, journal, a_job(3))


def test_a_pin_out_of_its_file_need_not_be_asked(module_floor: Floor) -> None:
    file = module_floor.path / "pin"
    file.touch(mode=0o600)
    file.write_text(f"{PIN}\n")
    settings = module_floor.settings.model_copy(update={"hsm_pin_file": file})
    lane = open_lane(settings, 1, "sim:", "", StationSecrets(KeySecrets()))
    module_floor.lanes.append(lane)
    with module_floor.journal() as journal:
        make(lane, journal, a_job())


def test_a_wrong_pin_is_tried_by_one_lane_once(
    module_floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = StationSecrets(KeySecrets(pin=b"999999"))
    begun: list[LaneProcess] = []

    class Counted(LaneProcess):
        def __init__(self) -> None:
            super().__init__()
            begun.append(self)

    monkeypatch.setattr("cardservice.home.station_lane.LaneProcess", Counted)
    for number in range(1, 5):  # a token locks itself after fewer tries than that
        lane = open_lane(module_floor.settings, number, "sim:", "", given)
        with pytest.raises(LaneFaultError) as fault:
            lane.await_card(never)
        assert fault.value.code == "hsm-pin-wrong"
        assert lane.process is None
    assert len(begun) == 1
    right = StationSecrets(KeySecrets(pin=PIN.encode()))
    lane = open_lane(module_floor.settings, 1, "sim:", "", right)
    module_floor.lanes.append(lane)
    assert lane.await_card(never)
