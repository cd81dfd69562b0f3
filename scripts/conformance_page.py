#!/usr/bin/env python3
"""Write ``docs/conformance.md`` from the table of conformance cases.

``python scripts/conformance_page.py`` writes the page; ``--check`` says whether it is current.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cardservice.conformance.case import Case  # noqa: E402
from cardservice.conformance.pack import CASES  # noqa: E402
from cardservice.conformance.terms import Effect, Group, Stage  # noqa: E402

PAGE = ROOT / "docs" / "conformance.md"
EFFECTS = {
    Effect.KEEPS: "",
    Effect.WRITES: "writes (`--personalize`)",
    Effect.DESTROYS: "destroys (`--destroy`)",
}
INTRODUCTION = """\
# The conformance pack

Written by `scripts/conformance_page.py` from the cases in `cardservice/conformance`; do not edit.

{count} numbered cases hold a card to its contract. They send commands and look at answers, nothing
else, so they run on a software card and on a card in a PC/SC reader without change:

    cardsim conformance --reader sim: --destroy --yes --html report.html --junit report.xml
    cardsim conformance --reader pcsc: --secrets card.json

- `--keep`, the default, runs only cases that leave files, secrets, state and tries as they are. An
  SCP03 session counts its counter up, as every session does; a wrong PIN or CAN is followed by a
  right one.
- `--personalize` takes a blank card with the demonstration transport key (or the
  `transport_master` of the secrets file), makes a card of a fictional holder of it with keys that
  nobody keeps, and runs the cases of both lives. The card is a test card from then on.
- `--destroy` also terminates it at the end.
- `--contactless-reader URL` adds the presentation over the air; without it those cases are *not
  run*, and the report says so. The card is never in two readers at once: you are asked to move it.
- `--secrets FILE`: JSON with `can`, `pin`, `puk`, `profile` (`01` to `03`), `transport_master` and
  `issuer_master` in hexadecimal, each if known. Others must not be able to read the file.
- `--html`, `--junit`, `--json`: every case with its clause, and what was sent and answered octet
  for octet. PINs, keys, stored data and the files about a person are masked.

Exit code 0: all cases that were run held; 3: some did not; 1: not possible, and one line says why.
A loss of power is a reset of the card. A mute card fails its case; after three in a row the
run ends, and the rest is *not run*.

*Step* cases bring the card from one state to the next and run whatever `--only` says.
"""
HEADING = """
## {name}: {group}

| case | what is true | clause | card | where | |
|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    groups = (_group(group) for group in Group)
    return INTRODUCTION.format(count=len(CASES)) + "".join(groups)


def _group(group: Group) -> str:
    rows = "".join(_row(case) for case in CASES if case.group is group)
    return HEADING.format(name=group.name, group=group) + rows


def _row(case: Case) -> str:
    cells = (
        case.number,
        case.title.replace("|", "\\|"),
        case.clause.removeprefix("card.md "),
        _stages(case.stages),
        case.where.value,
        "step, writes" if case.leads_to else EFFECTS[case.effect],
    )
    return f"| {' | '.join(cells)} |\n"


def _stages(stages: Iterable[Stage]) -> str:
    return " or ".join(stage.value for stage in sorted(stages, key=lambda stage: stage.order))


def main() -> int:
    """Write the page, or say whether it is current."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write(f"{PAGE} is out of date; run: python scripts/conformance_page.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
