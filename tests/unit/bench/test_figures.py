"""A figure's line, and rates taken in turns; no test looks at how fast anything is."""

import json

from bench.figures import QUICK, Figure, Pace, latencies, per_second, rate, rates_in_turn


def _figure(*, note: str | None = None, reference_value: float | None = 4.0) -> Figure:
    return Figure(
        name="a.b",
        value=3.0,
        unit="files/s",
        reference="nothing but the signature",
        reference_value=reference_value,
        note=note,
    )


def test_a_line_is_one_json_object_with_the_agreed_members() -> None:
    line = _figure().line()
    assert "\n" not in line
    assert json.loads(line) == {
        "name": "a.b",
        "value": 3.0,
        "unit": "files/s",
        "reference": "nothing but the signature",
        "reference_value": 4.0,
        "ratio": 0.75,
    }


def test_a_note_is_printed_when_there_is_one() -> None:
    assert json.loads(_figure(note="p99 1 ms").line())["note"] == "p99 1 ms"


def test_without_a_reference_there_is_no_ratio() -> None:
    assert _figure(reference_value=None).ratio is None


def test_both_calls_of_a_pair_are_timed_in_alternating_turns() -> None:
    order: list[str] = []
    pace = Pace(rounds=3, turn_s=0.0)
    rates = rates_in_turn(lambda: order.append("measured"), lambda: order.append("other"), pace)
    turns = [name for name, before in zip(order, [None, *order], strict=False) if name != before]
    assert turns == ["measured", "other"] * (1 + pace.rounds)
    assert min(rates) > 0


def test_a_rate_calls_at_least_twice_so_that_it_never_counts_the_trial() -> None:
    calls: list[None] = []
    assert rate(lambda: calls.append(None), seconds=0.0) > 0
    assert len(calls) >= 2


def test_latencies_are_sorted_and_as_many_as_asked_for() -> None:
    times = latencies(lambda: None, 5)
    assert len(times) == 5
    assert times == sorted(times)


def test_rates_are_printed_without_digits_that_were_not_measured() -> None:
    assert [per_second(one) for one in (12345.6, 21.48)] == [12346, 21.5]


def test_the_quick_pace_is_below_the_full_one_in_everything() -> None:
    assert QUICK.rounds < Pace().rounds
    assert QUICK.turn_s < Pace().turn_s
    assert QUICK.cards < Pace().cards
    assert QUICK.runs < Pace().runs
