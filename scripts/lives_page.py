#!/usr/bin/env python3
"""Write ``docs/lives.md`` from the transition tables of the domain.

``python scripts/lives_page.py`` writes the page; ``--check`` says whether it is current.
"""

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cardservice.domain.lives import LIVES  # noqa: E402
from cardservice.domain.roles import Role  # noqa: E402
from cardservice.domain.transitions import Transition, TransitionTable  # noqa: E402
from cardservice.personalization.lane_life import LANE  # noqa: E402

PAGE = ROOT / "docs" / "lives.md"
Table = TransitionTable[Any, Any]
Row = Transition[Any, Any]
INTRODUCTION = """\
# Lives

Written by `scripts/lives_page.py` from the tables in `cardservice/domain/lives.py` and
`cardservice/personalization/lane_life.py`; do not edit.
What is not in a table is refused with the state it found (`state-LIFE-STATE`); a role that may not
is refused (`role-not-allowed`), and a ground that must be given and is not (`ground-missing`).
*service* is this program by itself, when a day has come; of a lane, *station* is its operator. An
application is approved by another person than the one who entered it when the office turns that on.
"""
HEADING = """
## {title}

```mermaid
stateDiagram-v2
{figure}
```

| from | event | to | who may | ground |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    return INTRODUCTION + "".join(map(_life, (*LIVES, LANE)))


def _life(table: Table) -> str:
    title = _said(table.life).capitalize()
    heading = HEADING.format(title=title, figure="\n".join(_figure(table)))
    return heading + "".join(map(_row, table.rows))


def _figure(table: Table) -> Iterable[str]:
    for state in table.states:
        yield f'    state "{_said(state)}" as {_node(state)}'
    yield f"    [*] --> {_node(table.initial)}"
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in table.rows:
        arrows.setdefault((_node(row.source), _node(row.target)), []).append(_said(row.event))
    for (source, target), events in arrows.items():
        yield f"    {source} --> {target} : {', '.join(events)}"
    for state in table.states:
        if state in table.final:
            yield f"    {_node(state)} --> [*]"


def _row(row: Row) -> str:
    who = ", ".join(_said(role) for role in Role if role in row.roles)
    cells = (_said(row.source), _said(row.event), _said(row.target), who)
    return f"| {' | '.join(cells)} | {'yes' if row.ground else ''} |\n"


def _said(word: StrEnum | str) -> str:
    return str(word).replace("-", " ")


def _node(state: StrEnum) -> str:
    return state.value.replace("-", "_")


def main() -> int:
    """Write the page, or say whether it is current."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write(f"{PAGE} is out of date; run: python scripts/lives_page.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
