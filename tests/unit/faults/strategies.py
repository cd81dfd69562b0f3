"""Plans of every kind, for properties; made from what the parameters say they take."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from simulators.faults import KINDS, Fault, FaultPlan, What, When
from simulators.faults.digits import Header, Octets, StatusWord
from simulators.faults.parameters import (
    Choice,
    Flag,
    Parameter,
    Share,
    Whole,
)
from simulators.faults.record import Record
from simulators.reader.errors import ReaderSetupError


def _whole(taken: Whole) -> st.SearchStrategy[int]:
    few = st.integers(taken.low, min(taken.high, taken.low + 3))
    return few | st.integers(taken.low, taken.high)


_VALUES: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
    Whole: _whole,
    Choice: lambda taken: st.sampled_from(taken.options),
    Octets: lambda taken: st.binary(min_size=taken.fewest, max_size=min(taken.most, 40)),
    Share: lambda _: st.floats(0, 1, exclude_min=True),
    Flag: lambda _: st.booleans(),
    StatusWord: lambda _: st.integers(0, 0xFFFF),
    Header: lambda _: st.text("0123456789ABCDEF*", min_size=8, max_size=8),
}


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Any value that a parameter takes, small ones often."""
    return _VALUES[type(parameter)](parameter)


def _records(kind: type[Record]) -> st.SearchStrategy[Any]:
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for one in fields(kind):
        (required if one.default is MISSING else optional)[one.name] = values_of(
            one.metadata["parameter"]
        )
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """Any fault; combinations that are refused are drawn again."""
    kind: type[What] = draw(st.sampled_from(list(KINDS.values())))
    what: dict[str, Any] = draw(_records(kind))
    when: dict[str, Any] = draw(st.fixed_dictionaries({}) | _records(When))
    try:
        return Fault(kind(**what), When(**when))
    except ReaderSetupError:
        return Fault(kind(**_alone(kind, what)))


def _alone(kind: type[What], what: dict[str, Any]) -> dict[str, Any]:
    needed = {told.name for told in kind.parameters() if told.default == "must be given"}
    return {name: value for name, value in what.items() if name in needed}


def plans(*, most: int = 6) -> st.SearchStrategy[FaultPlan]:
    """Any plan."""
    return st.builds(
        FaultPlan,
        st.lists(faults(), max_size=most).map(tuple),
        st.integers(0, 2**63 - 1),
        st.text(max_size=20).filter(str.isprintable),
    )


def toml_of(mapping: dict[str, Any]) -> str:
    """The plan as TOML, as a person would write it; for tests alone."""
    lines = [f"{name} = {_toml(value)}" for name, value in mapping.items() if name != "faults"]
    if not mapping["faults"]:
        lines.append("faults = []")
    for fault in mapping["faults"]:
        lines.append("[[faults]]")
        lines += [f"{name} = {_toml(value)}" for name, value in fault.items()]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | StrEnum):
        escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
