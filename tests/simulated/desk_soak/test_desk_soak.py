"""Two minutes of a desk at work while all it stands on breaks; `bench.soak` is longer."""

import json
import logging
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from bench.soak.__main__ import main
from bench.soak.desk import Wish, soak_desk
from bench.soak.desk_cards import FEW
from bench.soak.desk_result import DeskResult, errors_in, listening
from bench.soak.insertions import Footprint

SECONDS = 110.0  # two minutes with what comes before and after
SEED = 20_261_122
BREAKAGES = {"pcscd killed", "pcscd restarted", "unplugged", "service stopped", "service killed"}
SMALL = Footprint(kib=1000, pcscd_kib=1000, threads=2, files=9, zombies=0)


@pytest.mark.pcsc
@pytest.mark.timeout(420)
def test_two_minutes_miss_no_card_tell_each_once_and_leave_nothing_behind() -> None:
    result = soak_desk(Wish(seconds=SECONDS, seed=SEED, cards=FEW, batches=1))
    assert result.wrong == {}, result.findings.examples
    assert result.findings.lay > 0
    assert result.told == result.findings.presentations > 0
    assert min(result.followed.values()) > 0
    assert result.done.keys() >= BREAKAGES


@pytest.fixture
def ended() -> DeskResult:
    return DeskResult(seed=1, before=SMALL, after=SMALL, kib=[1000, 1000])


@pytest.mark.parametrize("change", [{"threads": 3}, {"files": 10}, {"zombies": 1}])
def test_what_stays_behind_is_wrong(ended: DeskResult, change: dict[str, int]) -> None:
    assert ended.wrong == {}
    ended.after = replace(SMALL, **change)
    assert ended.wrong == {"left_behind": dict.fromkeys(change, 1)}


def test_growth_is_counted_from_the_first_batch(ended: DeskResult) -> None:
    ended.kib = [1000, 1030, 1010]
    assert ended.growth == pytest.approx(0.03)


def test_errors_exceptions_and_what_nobody_caught_are_wrong(ended: DeskResult) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    logger = logging.getLogger("cardservice.somewhere")
    hooks = threading.excepthook, sys.unraisablehook
    with listening(ended.logged):
        logger.warning("usual")
        logger.error("not usual")
        try:
            fail()
        except ZeroDivisionError:
            logger.warning("caught", exc_info=True)
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert list(ended.logged.values()) == [1, 1, 1]
    assert "usual" not in " ".join(ended.logged).replace("not usual", "")
    assert ended.wrong.keys() == {"logged"}
    assert (threading.excepthook, sys.unraisablehook) == hooks


def test_a_service_that_says_of_an_exception_is_heard(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("INFO fine\nTraceback (most recent call last):\nx ERROR uvicorn: oh\n")
    assert sum(errors_in(log).values()) == 2


def test_a_soak_that_found_something_or_grew_ends_with_exit_code_1(
    mocker: MockerFixture, capsys: pytest.CaptureFixture[str], ended: DeskResult
) -> None:
    mocker.patch("bench.soak.__main__.soak_desk", return_value=ended)
    assert main(["desk", "--minutes", "1", "--seed", "5"]) == 0
    ended.untold = 1
    assert main(["desk"]) == 1
    ended.untold = 0
    ended.kib = [1000, 1040]
    assert main(["desk"]) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["wrong"] for one in said] == [{}, {"untold": 1}, {}]
    assert said[0]["seed"] == 5
    assert Counter(one["soak"] for one in said) == {"desk": 3}
