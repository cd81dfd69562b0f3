#!/usr/bin/env python3
"""Write ``docs/problems.md``: every kind of problem, and every code a rule says no with.

``python scripts/problems_page.py`` writes the page; ``--check`` says whether it is current.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cardservice.errors import Refusal  # noqa: E402
from cardservice.web.problems import KINDS  # noqa: E402

PAGE = ROOT / "docs" / "problems.md"
SOURCES = ("registry", "domain", "uploads", "storage/repositories", "storage/tables", "web/api")
# Where the code and the sentence stand among the arguments.
CALLS = {"Refusal": 0, "UnstorableError": 0, "Finding": 1, "warning": 1}
GAP = "…"
INTRODUCTION = """\
# Problems

Written by `scripts/problems_page.py` from `cardservice/web/problems.py` and the rules; do not
edit. How programs meet them is in [api.md](api.md).

| type | status | what it means |
|---|---|---|
"""
CODES = f"""
## Codes

Stable. A refusal has one as `code`, each finding has its own. Where {GAP} stands, the name of a
field, a state or a number stands instead. *status* is of a refusal; findings always come with
422.

| code | status | the sentence |
|---|---|---|
"""


def page() -> str:
    """Return the page."""
    kinds = {one.slug: one for one in KINDS}
    rows = [f"| `/problems/{slug}` | {k.status.value} | {k.title} |" for slug, k in kinds.items()]
    codes = [f"| `{code}` | {status(code)} | {said} |" for code, said in sorted(said_codes())]
    return INTRODUCTION + "\n".join(rows) + "\n" + CODES + "\n".join(codes) + "\n"


def status(code: str) -> int:
    """Return the status that a refusal with ``code`` is answered with."""
    refusal = Refusal(code, "")
    return next(kind.status.value for kind in KINDS if kind.fits(refusal))


def said_codes() -> set[tuple[str, str]]:
    """Return every code with its first sentence."""
    found: dict[str, str] = {}
    for source in SOURCES:
        for path in sorted((ROOT / "cardservice" / source).rglob("*.py")):
            for code, said in codes_in(ast.parse(path.read_text(encoding="utf-8"))):
                found[code] = min(filter(None, (found.get(code, said), said)), default="")
    return set(found.items())


def codes_in(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield codes and sentences of one module."""
    texts = list(assigned(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            at = CALLS.get(node.func.id)
            if at is not None and len(node.args) > at + 1:
                code, said = node.args[at : at + 2]
                if known := value_of(code, texts):
                    yield known, value_of(said, texts) or ""


def assigned(module: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Yield line, name and text of every assignment to a name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name):
                yield node.lineno, target.id, text_of(node.value)


def value_of(node: ast.expr, texts: list[tuple[int, str, str | None]]) -> str | None:
    """Return a text as it is written, or as the last assignment before says; None: it is none."""
    if isinstance(node, ast.Name):
        before = [one for one in texts if one[1] == node.id and one[0] <= node.lineno]
        return max(before)[2] if before else None
    return text_of(node)


def text_of(node: ast.expr) -> str | None:
    """Return the text of a literal, with a gap for whatever is put into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(one) or GAP for one in node.values)
    return None


def main() -> int:
    """Write the page, or say whether it is current."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
