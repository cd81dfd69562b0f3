#!/usr/bin/env python3
"""Write ``docs/card-states.md`` from the state table of the software card.

``python scripts/card_states.py`` writes the page; a test holds that it is what this writes.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simulators.card.protocol_events import RUNS, SESSION, Event, Fact, State  # noqa: E402
from simulators.card.protocol_states import (  # noqa: E402
    GROUPS,
    TABLE,
    Row,
    outcome,
    reachable,
)
from simulators.card.status import SW  # noqa: E402

PAGE = ROOT / "docs" / "card-states.md"
START = frozenset({Fact.ROOT_CURRENT})
NO_SESSION = "none"
LINE = 90

PLACES: Mapping[str, tuple[str, State]] = {
    "store_by_terminal": ("STORE DATA in progress", frozenset({Fact.STORING, Fact.ISO})),
    "chaining": ("certificate chaining in progress", frozenset({Fact.CHAINING})),
    "store_by_issuer": ("STORE DATA in progress", frozenset({Fact.STORING})),
    "scp03_open": ("SCP03 open", frozenset({Fact.SCP03})),
    "scp03_initialised": ("SCP03 initialised", frozenset({Fact.SCP03_INITIALISED})),
    "pace_set": ("PACE set", frozenset({Fact.PACE_SET})),
    "pace_nonce": ("PACE nonce given", frozenset({Fact.PACE_NONCE})),
    "pace_mapped": ("PACE mapped", frozenset({Fact.PACE_MAPPED})),
    "pace_agreed": ("PACE agreed", frozenset({Fact.PACE_AGREED})),
    "ca_set_again": ("CA set again", frozenset({Fact.CA_SET, Fact.CHIP_AUTHENTICATED})),
    "ca_set_in_pace": ("CA set in a PACE session", frozenset({Fact.CA_SET, Fact.ISO})),
    "ca_set": ("CA set", frozenset({Fact.CA_SET})),
    "holder_present": (
        "terminal authenticated, PIN verified",
        frozenset({Fact.AUTHENTICATED, Fact.PIN_VERIFIED}),
    ),
    "authenticated": ("terminal authenticated", frozenset({Fact.AUTHENTICATED})),
    "challenged": ("challenge given", frozenset({Fact.AT_SET, Fact.CHALLENGE})),
    "at_set": ("AT set", frozenset({Fact.AT_SET})),
    "dst_dv": ("DST set: DV", frozenset({Fact.DST_DV})),
    "terminal_imported": ("terminal imported", frozenset({Fact.TERMINAL_IMPORTED})),
    "dst_cvca": ("DST set: CVCA", frozenset({Fact.DST_CVCA})),
    "dv_imported": ("DV imported", frozenset({Fact.DV_IMPORTED})),
    "iso_ca": ("ISO session from CA", frozenset({Fact.CHIP_AUTHENTICATED})),
    "iso_pace": ("ISO session from PACE", frozenset({Fact.ISO})),
    NO_SESSION: ("no session", frozenset()),
}
"""The named states: identifier → label and the facts that make it; the first that fits."""

SCP03_PLACES = ("scp03_open", "store_by_issuer")
TERMINAL_PLACES = (
    *("iso_ca", "dst_cvca", "chaining", "dv_imported", "dst_dv", "terminal_imported", "at_set"),
    *("challenged", "authenticated", "holder_present", "store_by_terminal", "ca_set_again"),
)
OPENING_PLACES = (
    *(NO_SESSION, "scp03_initialised", *SCP03_PLACES, "pace_set", "pace_nonce", "pace_mapped"),
    *("pace_agreed", "iso_pace", "ca_set", "ca_set_in_pace", "iso_ca"),
)
ORDER = tuple(dict.fromkeys((*OPENING_PLACES, *TERMINAL_PLACES)))

INTRODUCTION = """\
# The card's protocols as a state machine

Written by `scripts/card_states.py` from the table in `simulators/card/protocol_states.py`; do not
edit. The table is the model the software card is held to: tests walk every reachable state with
every event, on the table and on the card, contact and contactless, and status word and next state
must agree. Clauses are those of the card's contract.

A state is a set of facts: {states} can be reached, and {events} events are tried in each. The
figures show {places} of them by name, each in its plainest form: `foms_root` selected, contact,
profile `field`. What no figure shows:

- A reset leads from everywhere to *no session*, with the MF current.
- *Unfinished business* lasts for one command: a command that does not go on with it drops it. It is
  {runs}.
- In an ISO session a command in the clear, or without `8E`, is `6987`, a wrong `8E` `6988`: the
  session is over, the current DF stays. Every other answer is protected.
- In an SCP03 session a wrong C-MAC, and every command of another class but SELECT and `80 50`, is
  `6982`: the session is over.
"""

NAMED = """
## The named states

| state | facts beside `foms_root` current |
|---|---|
"""

RULES = """
## The whole table

The first row that fits decides. *With* lists facts that must hold, *without* facts of which none
may. Unfinished business is dropped unless *then* names it. *The session*: all facts that end with
one.

| event | with | without | SW | then | no longer | clause |
|---|---|---|---|---|---|---|
"""


def place_of(state: State) -> str:
    """Return the identifier of the named state this is a form of."""
    return next(name for name, (_, facts) in PLACES.items() if facts <= state)


def plainest() -> dict[str, State]:
    """Return for each named state the form that the fewest commands lead to."""
    found: dict[str, State] = {}
    for state in reachable(START):
        found.setdefault(place_of(state), state)
    return {name: found[name] for name in ORDER}


def steps_from(state: State) -> Iterator[tuple[Event, str]]:
    """Return the good commands that lead elsewhere, and where.

    Out of unfinished business only what goes on with it counts; the rest is as without it.
    """
    for event in Event:
        sw, after = outcome(state, event)
        goes_on = not state & RUNS or outcome(state - RUNS, event) != (sw, after)
        if sw == SW.SUCCESS and goes_on and place_of(after) != place_of(state):
            yield event, place_of(after)


def _said(events: Iterable[Event]) -> str:
    """Say many events, by the names of whole groups where they are whole."""
    rest, words = frozenset(events), []
    for name, group in GROUPS.items():
        if group <= rest:
            words.append(name)
            rest -= group
    words.extend(event.value for event in Event if event in rest)
    return " · ".join(words)


def _arrow(source: str, target: str, label: str) -> str:
    return f"    {source} --> {target} : {label.replace(':', '')}"


def _arrows(names: tuple[str, ...], states: Mapping[str, State]) -> Iterator[str]:
    shared = _shared_steps(names, states)
    for name in names:
        labels: dict[str, list[Event]] = {}
        for event, target in steps_from(states[name]):
            if target in names and (event, target) not in shared:
                labels.setdefault(target, []).append(event)
        for target, events in labels.items():
            yield _arrow(name, target, _said(events))
        back = place_of(states[name] - RUNS)
        if back != name:
            yield _arrow(name, back, "any other command")


def _shared_steps(names: tuple[str, ...], states: Mapping[str, State]) -> set[tuple[Event, str]]:
    """Return the steps that every state after chip authentication has: drawn once."""
    if names != TERMINAL_PLACES:
        return set()
    settled = [name for name in names if not states[name] & RUNS]
    return set.intersection(*(set(steps_from(states[name])) for name in settled))


def _figure(names: tuple[str, ...], states: Mapping[str, State], extra: Iterable[str]) -> str:
    nodes = (f'    state "{PLACES[name][0].replace(":", "")}" as {name}' for name in names)
    lines = ["```mermaid", "stateDiagram-v2", *nodes, *_arrows(names, states), *extra, "```"]
    return "\n".join(lines) + "\n"


def _endings(name: str, state: State) -> Iterator[str]:
    """Draw how a session ends: one arrow with all its status words."""
    words = {
        f"{sw:04X}"
        for sw, after in (outcome(state, event) for event in Event)
        if state & SESSION and not after & SESSION and sw != SW.SUCCESS
    }
    if words:
        yield _arrow(name, NO_SESSION, f"{', '.join(sorted(words))}, session over")


def figures(states: Mapping[str, State]) -> str:
    """Return both figures as Mermaid state diagrams, with their headings."""
    opening = [f"    [*] --> {NO_SESSION} : reset"]
    for name in (*SCP03_PLACES, "iso_pace", "iso_ca"):
        opening.extend(_endings(name, states[name]))
    again = [_arrow("iso_ca", "ca_set_again", "MSE 41A4, from every state here")]
    return (
        "\n## Opening a session\n\n"
        + _figure(OPENING_PLACES, states, opening)
        + "\n## In a session from chip authentication\n\n"
        + _figure(TERMINAL_PLACES, states, again)
    )


def named(states: Mapping[str, State]) -> str:
    """Return the table of named states and the facts that hold in each."""
    rows = (f"| {PLACES[name][0]} | {_facts(state - START)} |\n" for name, state in states.items())
    return NAMED + "".join(rows)


def rules() -> str:
    """Return the table itself."""
    return RULES + "".join(_rule(row) for row in TABLE)


def _rule(row: Row) -> str:
    cells = (_said(row.events), *(_facts(one) for one in (row.when, row.unless)))
    then, no_longer = _facts(row.adds), _facts(row.drops)
    return f"| {' | '.join(cells)} | `{row.sw:04X}` | {then} | {no_longer} | {row.clause} |\n"


def _facts(facts: State) -> str:
    if facts >= SESSION:
        return "the session"
    return ", ".join(fact.value for fact in Fact if fact in facts)


def page() -> str:
    """Return the whole page."""
    states = plainest()
    reached = sum(1 for _ in reachable())
    introduction = INTRODUCTION.format(
        states=reached,
        events=len(Event),
        places=len(states),
        runs="\n  ".join(wrap(", ".join(fact.value for fact in Fact if fact in RUNS), LINE)),
    )
    return introduction + figures(states) + named(states) + rules()


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
