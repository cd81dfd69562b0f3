#!/usr/bin/env python3
"""Write ``docs/errors.md``: every code people meet, what it says, and what to do.

``python scripts/errors_page.py`` writes the page; ``--check`` says whether it is current.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cardservice.cli.exit_codes import Exit  # noqa: E402
from cardservice.texts.desk_agent import DESK_TROUBLES  # noqa: E402
from cardservice.texts.languages import Language  # noqa: E402
from cardservice.texts.office import sentence  # noqa: E402
from cardservice.texts.phrases import Headline, Phrase  # noqa: E402
from cardservice.texts.station import FAULTS, GROUPS  # noqa: E402
from cardservice.texts.tables import PROBLEMS, REASONS  # noqa: E402
from cardservice.web.problems import KINDS  # noqa: E402
from scripts.problems_page import GAP, assigned, value_of  # noqa: E402

PAGE = ROOT / "docs" / "errors.md"
PACKAGE = ROOT / "cardservice"
CODE = re.compile(rf"(?:[a-z0-9]+|{GAP})(?:-(?:[a-z0-9]+|{GAP}))+")
# What makes, or is told, a code and its sentence side by side: errors by their names, and these.
MAKERS = re.compile(
    r"\w*(?:Refusal|Refused|Error|Fault)|__init__|_?refus\w*|Finding|warn(?:ing|ed)"
)
BESIDE = frozenset({"_one", "note", "Requirement", "_no", "_wrong"})

INTRODUCTION = """\
# Errors

Every code of the project, in one place: what it says and what to do. Written by
`scripts/errors_page.py` from the code and its tables; do not edit. Codes are stable. Programs meet
them as problems ([api.md](api.md), [problems.md](problems.md)), operators on the station's page
([station-page.md](station-page.md)), commands as one line and an exit status.
"""

EXITS: Mapping[Exit, tuple[str, str]] = {
    Exit.OK: ("All good.", "Nothing."),
    Exit.NOT_ALL_GOOD: (
        "A row was refused, a verdict is not “valid”, a card was spoiled, or you said no.",
        "Read the lines above: each says what it is about.",
    ),
    Exit.USAGE: ("The command was used wrongly.", "See its `--help`."),
    Exit.CARD: ("The card broke a rule, or did not verify.", "Lay the card aside."),
    Exit.READER: ("The reader, its service or the card went away.", "`cardservice reader doctor`"),
    Exit.HOME: ("Keys, files, orders or rules say no.", "Look the code or the sentence up below."),
}

SLUGS: Mapping[str, str] = {
    "sign-in-needed": "Sign in, or send a bearer token.",
    "not-permitted": "Ask an administrator for the right, or let somebody who has it do it.",
    "wait": "Wait as long as `Retry-After` says.",
    "form-has-errors": "Correct the fields that `findings` names.",
    "not-found": "Look for it again: it may have been moved or never was.",
    "stale": "Read it anew, then change what you see.",
    "key-reused": "Take a new idempotency key for a new command.",
    "too-large": "Send a smaller file.",
    "wrong-kind-of-file": "Send one of the kinds that the sentence names.",
    "database-busy": "Try again; if it stays, look at the database.",
    "refused": "Look `code` up below.",
    "body-unreadable": "Send JSON in UTF-8.",
    "address-unknown": "Take an address that `/api/openapi.json` names.",
    "method-unknown": "Use a method that `Allow` names.",
    "request-late": "Send it again, whole.",
    "answer-late": "Try again in half a minute; if it stays, look at the service's database.",
    "unknown-host": "Open the address that the service was started with.",
    "foreign-request": "Load the page again.",
    "desk-busy": "Close pages that nobody looks at.",
    "reader-unavailable": "Check the reader and its service.",
    "version-needed": "Send `If-Match` with the version that was seen.",
    "link-failed": "Put the card in again.",
    "card-misbehaved": "Lay the card aside.",
    "malformed-request": "Correct the fields that `findings` names.",
    "client-unknown": "Ask for a new access token; if that is refused, enrol the desk again.",
    "sessions-full": "Try again in half a minute.",
    "no-list-signer": "Make the signer: `cardservice pki status-list publish` with the root's key.",
    "internal-error": "Note the time and tell who runs the service; its log has more.",
}

PACKAGES: Mapping[str, str] = {
    "accounts": "Correct what was typed, or ask an administrator.",
    "cli": "Correct the command; its `--help` has an example.",
    "conformance": "Prepare the card as [conformance.md](conformance.md) says.",
    "desk": "Look at what the desk keeps: [offline.md](offline.md).",
    "desklink": "Look at the way to the service: [desk-agent.md](desk-agent.md).",
    "domain": "Correct the value that the sentence names.",
    "home": "Look at the home folder and its settings: [home.md](home.md).",
    "notifying": "Look at the settings of the way out: [notifications.md](notifications.md).",
    "papers": "Correct the text that the sentence names: [papers.md](papers.md).",
    "registry": "Do what the sentence asks for, then try again: [registry.md](registry.md).",
    "storage": "Look at the database: [storage.md](storage.md).",
    "uploads": "Send another file.",
    "web": "Correct what was sent.",
}
OTHERWISE = "Do what the sentence says; if it does not help, tell who runs the service."
OFFICE = ("registry", "uploads", "web")
"""Whose codes mean their own thing, even where a station has the same word."""


def page() -> str:
    """Return the page."""
    raised = raised_codes()
    parts = [INTRODUCTION, *exits(), *station(raised), *desk(), *problems(), *rules(raised)]
    return "\n".join(parts)


def exits() -> Iterator[str]:
    """Yield the section of exit statuses."""
    rows = ((str(one.value), *EXITS[one], "every command") for one in Exit)
    yield table("Exit statuses", "exit", rows)


def station(raised: Mapping[str, dict[str, str]]) -> Iterator[str]:
    """Yield what the operator of a station meets."""
    for heading, group in GROUPS.items():
        rows = ((f"`{code}`", *said(one), where(code, raised)) for code, one in group.items())
        yield table(f"Station: {heading[0].lower()}{heading[1:]}", "code", rows)


def desk() -> Iterator[str]:
    """Yield what a clerk meets: reasons of verdicts, and why a card was not read."""
    reasons = ((f"`{code}`", *said(one), "`verify/checks.py`") for code, one in REASONS.items())
    yield table("Desk: reasons of a verdict", "reason", reasons)
    unread = ((f"`{code}`", *said(one), "`verify/`") for code, one in PROBLEMS.items())
    yield table("Desk: why a card was not read", "problem", unread)
    troubles = ((f"`{code}`", *said(one), "`desk/`") for code, one in DESK_TROUBLES.items())
    yield table("Desk: its service, its time, what it knows", "code", troubles)


def problems() -> Iterator[str]:
    """Yield the types of problem that web services answer with."""
    kinds = {one.slug: one for one in KINDS}
    rows = (
        (f"`/problems/{slug}`", f"{kind.title}.", SLUGS[slug], f"status {kind.status.value}")
        for slug, kind in kinds.items()
    )
    yield table("Web: types of problem", "type", rows)


def rules(raised: Mapping[str, dict[str, str]]) -> Iterator[str]:
    """Yield the codes of all other refusals and findings, by the package that says them."""
    packages = sorted({path.split("/", maxsplit=1)[0] for one in raised.values() for path in one})
    for package in packages:
        rows = [
            (f"`{code}`", text, remedy_of(package, text), f"`{path}`")
            for code, places in sorted(raised.items())
            for path, written in first_of(package, places)
            for text in (sentence(code, written, Language.EN),)
            if code not in FAULTS or package in OFFICE
        ]
        if rows:
            yield table(f"Rules: {package}", "code", rows)


def remedy_of(package: str, text: str) -> str:
    """Return what to do; most sentences say it themselves after a semicolon or full stop."""
    parts = re.split(r"[;.] ", text.rstrip("."), maxsplit=1)
    return "As the sentence says." if len(parts) > 1 else PACKAGES.get(package, OTHERWISE)


def first_of(package: str, places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the first place of a package that says a code, with the sentence."""
    found = [(path, said) for path, said in places.items() if path.startswith(f"{package}/")]
    return sorted(found, key=lambda one: (not one[1], one))[:1]


def said(one: Phrase | Headline) -> tuple[str, str]:
    """Return sentence and remedy; nothing to do where there is none."""
    return one.sentence, one.remedy or "Nothing."


def where(code: str, raised: Mapping[str, dict[str, str]]) -> str:
    """Return the module that says the code first; the table of reactions otherwise."""
    if code.startswith("hsm-"):
        return "`keystores/pkcs11_errors.py`"
    places = sorted(raised.get(code, {}))
    return f"`{places[0]}`" if places else "`personalization/lane_faults.py`"


def table(heading: str, first: str, rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Return a section with its table."""
    head = f"\n## {heading}\n\n| {first} | what it says | what to do | from |\n|---|---|---|---|\n"
    return head + "\n".join(f"| {' | '.join(map(cell, row))} |" for row in rows)


def cell(text: str) -> str:
    """Return a text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def raised_codes() -> dict[str, dict[str, str]]:
    """Return every code → the modules that say it → the sentence there, empty if none is seen."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for code, told in codes_in(ast.parse(path.read_text(encoding="utf-8"))):
            known = found.setdefault(code, {})
            known[place] = known.get(place) or told
    return found


def codes_in(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the codes and sentences of one module: of calls, and of tables of both."""
    texts = list(assigned(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and says_codes(node):
            yield from (*beside(node.args, texts), *alone(node, texts))
        elif isinstance(node, ast.Tuple):
            yield from beside(node.elts, texts)


def says_codes(call: ast.Call) -> bool:
    """Say whether a call is told a code."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in BESIDE or MAKERS.fullmatch(name) is not None
    return False


def beside(
    nodes: list[ast.expr], texts: list[tuple[int, str, str | None]]
) -> Iterator[tuple[str, str]]:
    """Yield every code that has a sentence beside it."""
    for code, after in pairwise(nodes):
        known, told = value_of(code, texts), value_of(after, texts)
        if known and told and CODE.fullmatch(known) and is_sentence(told):
            yield known, told


def alone(call: ast.Call, texts: list[tuple[int, str, str | None]]) -> Iterator[tuple[str, str]]:
    """Yield a code that is written first in a call, whatever its sentence is made of."""
    match call:
        case ast.Call(args=[ast.Constant(value=str(code)), *others], func=called):
            is_word = isinstance(called, ast.Name) and called.id == "Refusal" and code.isalpha()
            if is_word or CODE.fullmatch(code):
                yield code, (value_of(others[0], texts) if others else None) or ""


def is_sentence(text: str) -> bool:
    """Say whether a text is one."""
    return " " in text and (text[0].isupper() or text[0] == GAP)


def main() -> int:
    """Write the page, or say whether it is current."""
    wanted = page() + "\n"
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
