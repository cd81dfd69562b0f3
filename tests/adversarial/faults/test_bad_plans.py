"""Whatever is given as a plan: a plan, or one line; and nothing of it is repeated."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.faults import KINDS, FaultPlan, parse_json, parse_toml
from simulators.reader.errors import ReaderSetupError
from tests.unit.faults.strategies import plans

LINE_MAX = 400
SECRET = "4111222233334444"  # noqa: S105 - what must not come back in a message

_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=4)
)
_names = st.sampled_from(
    ["faults", "seed", "about", "what", "when", "nth", "ms", "octets", *KINDS]
) | st.text(max_size=5)
_anything = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_names | st.integers() | st.none(), inner, max_size=4)
    ),
    max_leaves=20,
)
_near_faults = st.dictionaries(_names, _anything, max_size=4).flatmap(
    lambda rest: st.sampled_from([*KINDS]).map(lambda kind: {"what": kind, **rest})
)


def _or_one_line(make: Callable[[], FaultPlan]) -> FaultPlan | None:
    refusal: ReaderSetupError | None = None
    try:
        return make()
    except ReaderSetupError as error:
        refusal = error
    line = f"{refusal}: {refusal.remedy}"
    assert line.isprintable()
    assert len(line) <= LINE_MAX
    assert refusal.remedy
    return None


def _judged(content: object) -> FaultPlan | None:
    """The plan, or None when it was refused in one line."""
    return _or_one_line(lambda: FaultPlan.from_mapping(content))


@given(_anything | st.fixed_dictionaries({"faults": st.lists(_near_faults | _anything)}))
@settings(max_examples=400, deadline=None)
def test_any_object_is_a_plan_or_one_line(content: object) -> None:
    plan = _judged(content)
    assert plan is None or FaultPlan.from_mapping(plan.as_mapping()) == plan


@given(plans(most=3), st.data())
@settings(max_examples=200, deadline=None)
def test_a_plan_with_one_value_replaced_is_a_plan_or_one_line(
    plan: FaultPlan, data: st.DataObject
) -> None:
    mapping: Any = json.loads(json.dumps(plan.as_mapping()))
    table = data.draw(st.sampled_from([mapping, *mapping["faults"]]))
    table = table.get("when", table) if data.draw(st.booleans()) else table
    table[data.draw(st.sampled_from(sorted(table)) if table else _names)] = data.draw(_anything)
    judged = _judged(mapping)
    assert judged is None or judged == FaultPlan.from_mapping(judged.as_mapping())


@given(st.text(max_size=60) | st.text("[]{}=\"'\n#.a1", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_plan_or_one_line(text: str) -> None:
    for parse in (parse_json, parse_toml):
        plan = _or_one_line(partial(parse, text))
        assert plan is None or isinstance(plan, FaultPlan)


@pytest.mark.parametrize(
    "content",
    [
        {"faults": [{"what": "mute", "commands": SECRET}]},
        {"faults": [{"what": "answer", "octets": SECRET + "x"}]},
        {"faults": [{"what": "status", "sw": SECRET}]},
        {"faults": [{"what": "mute", "when": {"header": SECRET}}]},
        {"faults": [{"what": "mute", "when": {"nth": int(SECRET) * 10}}]},
        {"faults": [{"what": "mute", "when": SECRET}]},
        {"faults": [SECRET]},
        {"faults": [], "about": SECRET + "\n"},
        {"faults": SECRET},
        SECRET,
    ],
)
def test_a_value_is_never_repeated(content: object) -> None:
    with pytest.raises(ReaderSetupError) as caught:
        FaultPlan.from_mapping(content)
    assert SECRET not in f"{caught.value}{caught.value.remedy}"


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "\u2028", "\ud800", "n" * 100_000, ""])
def test_a_strange_name_is_shown_on_one_line_and_not_at_length(name: str) -> None:
    for content in ({name: 1, "faults": []}, {"faults": [{"what": name}]}):
        assert _judged(content) is None


def test_a_table_that_holds_itself_is_refused() -> None:
    endless: dict[str, object] = {}
    endless["faults"] = [endless]
    assert _judged(endless) is None


def test_octets_of_a_plan_are_in_no_text_of_it() -> None:
    octets = b"a secret answer"
    plan = FaultPlan.from_mapping({"faults": [{"what": "answer", "octets": octets.hex()}]})
    assert "secret" not in repr(plan)
    assert octets.hex() not in repr(plan)
