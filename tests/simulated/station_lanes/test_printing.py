"""Faces and letters of lanes: printed in the lane's process, asked before a card is begun."""

from pathlib import Path

import pytest

from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.personalization.recovery_lives import Standing
from cardservice.settings import load_settings
from simulators.feeder.hopper import FIRST_SERIAL
from tests.simulated.station_lanes.lanes import Floor, a_job, make, never

CHIP = FIRST_SERIAL.to_bytes(8).hex().upper()


def with_printers(floor: Floor, **printers: str) -> None:
    floor.settings = load_settings(home=floor.settings.home, **printers)


@pytest.fixture
def faces(floor: Floor) -> Path:
    folder = floor.path / "faces"
    with_printers(
        floor, face_printer=f"folder:{folder}", letter_printer=f"insecure-folder:{floor.path}/out"
    )
    return folder


def test_a_made_card_has_a_face_and_a_letter(floor: Floor, faces: Path) -> None:
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        made = make(lane, journal, a_job()).outcome
        assert [file.name for file in faces.iterdir()] == [f"{CHIP}.pdf"]
        assert len(list((floor.path / "out").iterdir())) == 1
        job = Job(order_id="order-2", work=Work.NEW_PIN, card_number=made.number)
        lane.do(job, None, LaneShare(journal))
    assert len(list((floor.path / "out").iterdir())) == 2
    claims = floor.settings.home / "station" / "letters"
    assert sorted(file.name for file in claims.iterdir()) == [
        f"{CHIP}-1.printed",
        f"{CHIP}-2.printed",
    ]


def test_a_printer_that_is_not_ready_is_noticed_before_the_card_is_touched(floor: Floor) -> None:
    with_printers(floor, letter_printer=f"device:{floor.path}/none")
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        with pytest.raises(LaneFaultError) as fault:
            make(lane, journal, a_job())
        assert fault.value.code == "printer-not-ready"
        assert journal.life_of(FIRST_SERIAL.to_bytes(8)) is None


def test_a_letter_that_failed_stops_the_lane_while_the_card_counts(floor: Floor) -> None:
    with_printers(floor, letter_printer="device:/dev/full")
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        with pytest.raises(LaneFaultError) as fault:
            make(lane, journal, a_job())
        assert fault.value.code == "letter-interrupted"
        assert "order a new PIN" in fault.value.sentence
        assert fault.value.chip == FIRST_SERIAL.to_bytes(8)
        holder = journal.holder_of("order-1")
        assert holder is not None
        assert holder.standing is Standing.MADE


def test_a_face_that_failed_stops_the_lane_and_the_letter_is_printed(
    floor: Floor, faces: Path
) -> None:
    faces.mkdir(mode=0o700)
    (faces / f"{CHIP}.pdf").touch()
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal, pytest.raises(LaneFaultError) as fault:
        make(lane, journal, a_job())
    assert fault.value.code == "face-already-printed"
    assert "counts as made" in fault.value.sentence
    assert len(list((floor.path / "out").iterdir())) == 1


def test_letters_in_a_folder_are_refused_in_production(floor: Floor) -> None:
    from cardservice.errors import UsageError
    from cardservice.home.station_lane_paper import printers_of

    place = f"insecure-folder:{floor.path}/out"
    settings = load_settings(home=floor.settings.home, letter_printer=place, production=True)
    with pytest.raises(UsageError, match="production"):
        printers_of(settings)


def test_letters_are_wanted_by_whoever_waits_for_the_lane(floor: Floor, faces: Path) -> None:
    lane = floor.lane("sim:")
    assert lane.await_card(never)
    assert faces.is_dir()
