#!/usr/bin/env python3
"""Write ``docs/rules.md`` from the rule sets: every number with its source.

``python scripts/rules_page.py`` writes the page; ``--check`` says whether it is current.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cardservice.domain import (  # noqa: E402
    applicants,
    documents,
    field_rules,
    numbers,
    texts,
    transitions,
)
from cardservice.domain.rule_sets import DEFAULT_RULES, RULE_SETS  # noqa: E402
from cardservice.domain.rules import RuleSet, Setting  # noqa: E402

PAGE = ROOT / "docs" / "rules.md"
INTRODUCTION = """\
# The numbers of the field

Written by `scripts/rules_page.py` from the rule sets in `cardservice/domain/rule_sets.py`; do not
edit. A rule set is what an office works by; the default is `{default}`, under which cards with a
chip are issued. `with_value(rules, name, value)` gives an office a number of its own.

**[F]** what insurers and regional funds tell people, the official text was not read; **[P]** this
project's own choice, no official number is known. The others stand in the law named, as published
copies quote it. Changes of insurer after a move or because the insurer left do not use up the
year's one by own wish: the law allows them *more often* than that.
"""
SET = """
## Rule set {name}

| setting | what it is | value | source |
|---|---|---|---|
"""
FORMATS = """
## Forms and bounds

The same in every rule set.

| what | value | source |
|---|---|---|
"""
BOUNDS: Mapping[str, tuple[int, str]] = {
    "digits of a policy number (ENP)": (numbers.ENP_DIGITS, "domain.md"),
    "digits of a SNILS": (numbers.SNILS_DIGITS, "domain.md, Rules with teeth, 3"),
    "digits of an OGRN": (numbers.OGRN_DIGITS, "domain.md, Rules with teeth, 3"),
    "digits of a region's OKATO": (numbers.OKATO_DIGITS, "classifier OKATO, the first five"),
    "digits of a temporary certificate's number": (
        numbers.CERTIFICATE_DIGITS,
        "domain.md, Rules with teeth, 5",
    ),
    "characters of a surname, given name, patronymic": (texts.NAME_LENGTH, "card.md, section 2"),
    "characters of a birth place": (texts.BIRTH_PLACE_LENGTH, "card.md, section 2"),
    "characters of a country code": (texts.COUNTRY_CODE_LENGTH, "[P]"),
    "characters of a country name": (texts.COUNTRY_NAME_LENGTH, "[P]"),
    "characters of an address": (texts.NOTE_LENGTH, "[P]"),
    "characters of a ground": (transitions.GROUND_LENGTH, "[P]"),
    "characters of a document's number": (documents.DOCUMENT_NUMBER_LENGTH, "[P]"),
    "characters of a document's issuer": (documents.ISSUER_LENGTH, "[P]"),
    "characters of a power of attorney's number": (applicants.ATTORNEY_NUMBER_LENGTH, "[P]"),
    "characters of an e-mail address": (field_rules.EMAIL_LENGTH, "RFC 3696, errata 1690"),
    "characters of a telephone number": (field_rules.PHONE_LENGTH, "[P]"),
}


def page() -> str:
    """Return the whole page."""
    sets = "".join(map(_set, RULE_SETS.values()))
    return INTRODUCTION.format(default=DEFAULT_RULES.name) + sets + FORMATS + _bounds()


def _set(rules: RuleSet) -> str:
    rows = (_row(name, setting) for name, setting in rules.settings())
    return SET.format(name=rules.name) + "".join(rows)


def _row(name: str, setting: Setting[Any]) -> str:
    return f"| `{name}` | {setting.words} | {_shown(setting.value)} | {setting.source} |\n"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)).replace("_", " ") or "none"
    return str(value)


def _bounds() -> str:
    return "".join(
        f"| {words} | {value} | {source} |\n" for words, (value, source) in BOUNDS.items()
    )


def main() -> int:
    """Write the page, or say whether it is current."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write(f"{PAGE} is out of date; run: python scripts/rules_page.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
