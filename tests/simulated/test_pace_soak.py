"""PACE and chip authentication a thousand times, with leading zeros forced everywhere in turn."""

from itertools import islice
from random import Random

import pytest

from bench.soak.__main__ import main
from bench.soak.pace import Bench, SoakResult, soak_over
from bench.soak.places import (
    PLACES,
    SCALAR_OCTETS,
    SCALARS,
    SOLVERS,
    Coordinate,
    coordinate_of,
    forced_runs,
    grind,
)
from cardservice.channel import pace
from cardservice.channel.curves import P256
from cardservice.channel.point import Point, agree, multiply_generator
from simulators.card import chip_authentication, key_agreement

RUNS = 1000
SEED = 9303
SMALL_POOL = 16
TOP = 1 << 8 * (SCALAR_OCTETS - 1)
NONCE_TOP = 1 << 120


def _soak(runs: int) -> SoakResult:
    return soak_over(islice(forced_runs(SEED, pool=SMALL_POOL), runs))


def test_a_thousand_runs_with_leading_zeros_everywhere_all_succeed() -> None:
    result = _soak(RUNS)
    assert result.failures == []
    assert result.runs == RUNS
    assert len(result.forced) == len(PLACES)
    assert min(result.forced.values()) >= RUNS // len(PLACES)


def test_every_forced_place_does_start_with_a_zero_octet() -> None:
    for place, run in islice(forced_runs(SEED, pool=SMALL_POOL), 2 * len(PLACES)):
        number = getattr(run, place.member)
        if place.coordinate is not None:
            number = coordinate_of(multiply_generator(number, P256), place.coordinate)
        assert number < (NONCE_TOP if place.member == "nonce" else TOP), place.name


def test_every_scalar_and_both_coordinates_of_every_point_are_forced() -> None:
    assert len(PLACES) == len(set(PLACES)) == len(SCALARS) + 2 * len(SOLVERS)


def test_ground_multiples_start_with_a_zero_octet_in_their_coordinate() -> None:
    pools = grind(Random(1), 3)  # noqa: S311 - repeatable
    for coordinate in Coordinate:
        points = [multiply_generator(multiple, P256) for multiple in pools[coordinate]]
        assert len(points) == 3
        assert all(coordinate_of(point, coordinate) < TOP for point in points)


def test_a_terminal_that_drops_leading_zeros_of_the_secret_fails_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stripped(scalar: int, point: Point) -> bytes:
        return agree(scalar, point).lstrip(b"\x00")

    monkeypatch.setattr(pace, "agree", stripped)
    failed = {place for _, place, _ in _soak(len(PLACES)).failures}
    assert failed == {"secret.x"}


def test_a_card_that_drops_leading_zeros_of_the_chips_secret_fails_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = key_agreement.agree
    monkeypatch.setattr(
        chip_authentication, "agree", lambda key, point: whole(key, point).lstrip(b"\x00")
    )
    failed = {place for _, place, _ in _soak(len(PLACES)).failures}
    assert failed == {"chip_secret.x"}


def test_a_failure_is_told_by_number_place_and_kind_and_carries_no_scalar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("a message that might hold anything")

    monkeypatch.setattr(Bench, "run", refuse)
    assert _soak(2).failures == [(1, "nonce", "ValueError"), (2, "map_terminal", "ValueError")]


def test_the_command_prints_one_line_and_fails_when_a_run_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [SoakResult(runs=3), SoakResult(runs=3, failures=[(1, "nonce", "ValueError")])]
    monkeypatch.setattr("bench.soak.__main__.soak", lambda *_, **__: results.pop(0))
    assert main(["pace", "--runs", "3", "--seed", "1"]) == 0
    assert '"failures": 0' in capsys.readouterr().out
    assert main(["pace", "--runs", "3", "--seed", "1"]) == 1
    assert '"failures": 1' in capsys.readouterr().out
