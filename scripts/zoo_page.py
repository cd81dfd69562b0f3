#!/usr/bin/env python3
"""Write ``docs/zoo.md`` from the catalogue of the zoo.

``python scripts/zoo_page.py`` writes the page, with ``--check`` it says whether it is current; a
test holds that it is.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simulators.zoo import CATALOGUE, Judged, Outcome, Way, ZooEntry  # noqa: E402

PAGE = ROOT / "docs" / "zoo.md"
STALE = 1
COLUMNS = (Way.CONTACT, Way.TAP, Way.TAP_CAN)
PROFILES = (Way.CONTACT_ENROLLED, Way.CONTACT_CAN, Way.CONTACT_PHOTO, Way.TAP_UNKNOWN)

INTRODUCTION = """\
# The zoo: ready cards and what must be judged of them

Written by `scripts/zoo_page.py` from the catalogue in `simulators/zoo/catalogue`; do not edit. A
test puts every card on a desk that has the zoo's trust folder and nothing else, on every way the
tables name, and holds outcome and reason to them.

People, policy numbers (region 00), insurers and photos are made up. Keys and secrets are for tests
and known to whoever has the folder; the root bears the demonstration marker, which production
refuses.

## Getting cards

```
cardsim zoo                           # the list
cardsim zoo make animals              # every card, and the trust folder, into the folder animals
cardsim zoo make animals valid bank   # only these
cardsim card --reader HOST:PORT --state animals/cards/valid.card
CARDSIM_ZOO=animals cardsim card --reader HOST:PORT --zoo valid
```

In Python, each call gives a new card, and what is done to one no other ever knows:

```python
from pathlib import Path
from simulators.card import Interface
from simulators.zoo import open_zoo

with open_zoo() as zoo:  # temporary; open_zoo(Path("animals")) keeps issuer and cards
    card = zoo.card("blocked").at(Interface.CONTACT)
    zoo.entry("blocked").judged  # what a desk must come to
    zoo.secrets("valid").can  # what is printed on the card
    zoo.trust_folder  # root, revocation list, terminal's certificates and key, register
```

| in the folder | what |
|---|---|
| `cards/NAME.card` | state files for use: whoever uses one changes it |
| `trust/` | what a desk needs; its own README says what is what |
| `issuer/` | the issuer's home, as `CARDSERVICE_HOME` takes it; passphrase `insecure` |
| `kept/` | the cards as they were made, from which new ones are copied |

A revocation list holds for a week, a terminal's certificate for four to seven days, the register's
answers for three days: `cardsim zoo make FOLDER`, and every `open_zoo`, renews them and leaves the
cards as they are. Cards of the field and foreign ones have no state file: they come by name.

## How to read the tables

*Contact*: the desk has neither certificate nor CAN. *Tap*: contactless, with the certificate of an
enrolled desk. *CAN*: contactless, with the six digits typed. Below the outcome stands the stable
code of the reason that decides; where several checks come out alike, the first in the desk's table
of checks. *No verdict* means that the card could not be read as a policy card. A dash: not held to
anything.

A foreign program that has no such codes is right if its outcome is, and it must never come to
*valid* where the table does not.
"""

OTHER = """
## Other ways

A desk without certificate and CAN is refused in range (`access-refused`) by every card that is
open to a tap, but for those below. With the CAN typed on contact the outcome is that of contact,
but for those below.

| card | way | judged |
|---|---|---|
"""


def _judged(judged: Judged | None) -> str:
    if judged is None:
        return "–"
    outcome = f"**{judged.outcome}**" if judged.outcome is Outcome.VALID else judged.outcome
    return f"{outcome}<br>`{judged.reason}`"


def _row(entry: ZooEntry) -> str:
    cells = " | ".join(_judged(entry.judged.get(way)) for way in COLUMNS)
    return f"| `{entry.name}` | {entry.about} | {cells} |\n"


def _is_told(entry: ZooEntry, way: Way) -> bool:
    """Whether the sentence above the second table does not say it already."""
    judged = entry.judged.get(way)
    if way is Way.TAP_UNKNOWN:
        return judged is not None and judged.reason != "access-refused"
    if way is Way.CONTACT_CAN:
        return judged is not None and judged != entry.judged.get(Way.CONTACT)
    return judged is not None


def page() -> str:
    """Return the whole page."""
    made = "".join(_row(entry) for entry in CATALOGUE if entry.has_image)
    named = "".join(_row(entry) for entry in CATALOGUE if not entry.has_image)
    others = "".join(
        f"| `{entry.name}` | {way} | {_judged(entry.judged[way]).replace('<br>', ' ')} |\n"
        for entry in CATALOGUE
        for way in PROFILES
        if _is_told(entry, way)
    )
    head = "\n| card | what it is | contact | tap | CAN |\n|---|---|---|---|---|\n"
    return (
        f"{INTRODUCTION}\n## Cards that come as state files too\n{head}{made}"
        f"\n## Cards that come by name only\n{head}{named}{OTHER}{others}"
    )


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` compare it; return the exit code."""
    if arguments != ["--check"]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/zoo.md is not current: run python scripts/zoo_page.py\n")
    return STALE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
