"""Every code that a refusal or a finding can have is said in Russian."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cardservice.domain.applicants import Applicant
from cardservice.domain.categories import card_eligibility
from cardservice.domain.holder import Category
from cardservice.domain.lives import LIVES
from cardservice.domain.required_documents import required_documents
from cardservice.domain.rule_sets import RULES_2011, RULES_2022
from cardservice.papers import characters
from cardservice.registry import errors
from cardservice.registry.outbox_values import NoticeState
from cardservice.texts.languages import Language
from cardservice.texts.office.kept import KEPT
from cardservice.texts.office.sentences import FAMILIES, knows
from cardservice.uploads.tables import cells, csv_cells, xlsx_archive
from tests.shared import ROOT

HOME = ROOT / "cardservice"
PACKAGES = ("domain", "registry", "accounts", "uploads", "storage", "notifying", "papers")
# Name of what is called → which of its arguments is the code.
CALLS: Mapping[str, int] = {
    **dict.fromkeys(("Refusal", "UnstorableError", "AuditFault", "Requirement", "_one"), 0),
    **dict.fromkeys(("Finding", "warning", "warned", "note"), 1),
}
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)*")
PASSED_ON: tuple[str, ...] = ()
DAYS = ("missing", "format", "impossible", "in-future")
DIGITS = ("enp", "ogrn", "okato", "certificate-number")
LONG = (
    *("name", "birth-place", "citizenship-code", "citizenship-name", "address", "phone", "email"),
    *("document-type", "document-number", "issuer", "attorney-number"),
)
CELLS = (*cells._SENTENCES, csv_cells.BROKEN, csv_cells.LONG, "nul-character", "control-character")


def _of_documents() -> Iterator[str]:
    today = date(2026, 5, 1)
    for category, applicant, age in product(Category, Applicant, (1, 15, 30)):
        born = today - timedelta(days=366 * age)
        asked = required_documents(category, applicant, birth_date=born, on=today, rules=RULES_2011)
        yield from (one.code for one in asked)


def _of_cards() -> Iterator[str]:
    for category, rules in product(Category, (RULES_2011, RULES_2022)):
        found = card_eligibility(category, rules)
        yield from () if found.may_have else (found.code,)


# A code that is put together or handed on: file and expression → the codes it can be.
MADE: Mapping[str, Iterable[str]] = {
    "domain/application_ground.py: refusal.code": PASSED_ON,
    "domain/application_person.py: refusal.code": PASSED_ON,
    "domain/applications.py: one.code": frozenset(_of_documents()),
    "domain/categories.py: found.code": frozenset(_of_cards()),
    "domain/draft_form.py: code": PASSED_ON,
    "domain/field_rules.py: code": ("surname-missing", "given-name-missing", "number-missing"),
    "domain/findings.py: code": PASSED_ON,
    "domain/findings.py: finding.code": PASSED_ON,
    "domain/findings.py: one.code": PASSED_ON,
    "domain/findings.py: refusal.code": PASSED_ON,
    "domain/order_columns.py: code": ("surname-missing", "given-name-missing"),
    "domain/order_columns.py: f'{column.value}-unknown'": ("category-unknown", "channel-unknown"),
    "domain/order_row.py: first.code": PASSED_ON,
    "domain/required_documents.py: SNILS.code": ("snils-missing",),
    "domain/required_documents.py: code": PASSED_ON,
    "domain/required_documents.py: one.code": PASSED_ON,
    "domain/texts.py: code": tuple(f"{one}-too-long" for one in LONG),
    "domain/transitions.py: f'state-{life}-{found.value}'": tuple(
        f"state-{one.life}-{state.value}" for one in LIVES for state in one.states
    ),
    **{
        f"domain/dates.py: f'{{code}}-{end}'": (f"birth-date-{end}", f"insurance-start-{end}")
        for end in DAYS
    },
    **{
        f"domain/field_rules.py: f'{{code}}-{end}'": (f"birth-date-{end}", f"changed-on-{end}")
        for end in ("missing", "in-future")
    },
    **{
        f"domain/numbers.py: f'{{name}}-{end}'": tuple(f"{one}-{end}" for one in DIGITS)
        for end in ("missing", "not-digits", "length")
    },
    "registry/applications_submitting.py: refusal.code": PASSED_ON,
    "registry/audit_verifying.py: code": PASSED_ON,
    "registry/complaints.py: f'{name}-too-long'": (),
    "registry/complaints.py: f'{name}-missing'": ("text-missing", "answer-missing"),
    "registry/errors.py: STALE": (errors.STALE,),
    "registry/errors.py: NOT_FOUND": (errors.NOT_FOUND,),
    "registry/errors.py: KEY_REUSED": (errors.KEY_REUSED,),
    "registry/outbox.py: f'state-{found.state.value}'": tuple(
        f"state-{one.value}" for one in NoticeState
    ),
    "registry/places_form.py: f'{field}-missing'": (
        *("name-missing", "address-missing", "place-missing", "services-missing"),
    ),
    "accounts/password_rules.py: f'password-{code}'": tuple(
        f"password-{one}" for one in ("too-long", "too-short", "characters", "common")
    ),
    "uploads/apart.py: str(refused[0])": PASSED_ON,
    "uploads/tables/cells.py: code": CELLS,
    "uploads/tables/cells.py: hidden_code(bad)": CELLS,
    "uploads/tables/reading.py: code": CELLS,
    "uploads/tables/reading.py: hidden_code(hidden)": CELLS,
    "uploads/tables/xlsx_archive.py: code": {one[0] for one in xlsx_archive._FOREIGN.values()},
    "storage/schema.py: code": ("database-empty", "database-older"),
    "papers/characters.py: code": tuple(
        re.findall('"(paper-[a-z-]+)"', Path(characters.__file__).read_text(encoding="utf-8"))
    ),
}


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    files = (one for package in PACKAGES for one in sorted((HOME / package).rglob("*.py")))
    return tuple(
        (one.relative_to(HOME).as_posix(), ast.parse(one.read_text(encoding="utf-8")))
        for one in files
    )


def _arguments(call: ast.Call) -> list[ast.expr]:
    # ``*("a", "b")`` stands for two arguments: long calls are laid out so.
    found: list[ast.expr] = []
    for one in call.args:
        spread = isinstance(one, ast.Starred) and isinstance(one.value, ast.Tuple)
        found.extend(one.value.elts if spread else [one])  # type: ignore[attr-defined]
    return found


def _codes() -> Iterator[tuple[str, ast.expr]]:
    """Yield every expression that is the code of a refusal or a finding, with its file."""
    for file, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = CALLS.get(node.func.id)
                yield from () if place is None else [(file, _arguments(node)[place])]
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and _is_refusal(node):
                yield from ((file, one) for one in _own_code(node))


def _is_refusal(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(one) for one in node.bases}
    return bool(bases & {"Refusal", "AuditFault", "RowRefused", "CardServiceError"})


def _own_code(node: ast.ClassDef) -> Iterator[ast.expr]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("__init__"):
            yield from call.args[:1] if len(call.args) > 1 else []


CONSTANT = sorted({str(one.value) for _, one in _codes() if isinstance(one, ast.Constant)})
PUT_TOGETHER = sorted(
    {f"{file}: {ast.unparse(one)}" for file, one in _codes() if not isinstance(one, ast.Constant)}
)


def test_the_walk_finds_codes_of_every_kind() -> None:
    assert {"sex-missing", "stale", "policy-exists", "contact-missing"} <= set(CONSTANT)
    assert {"passport-missing", "sign-in-wrong", "form-has-errors"} <= set(CONSTANT)
    assert [one for one in CONSTANT if not CODE.fullmatch(one)] == []


def test_every_code_that_is_put_together_is_known_here() -> None:
    assert sorted(set(PUT_TOGETHER) - set(MADE)) == []


@pytest.mark.parametrize("code", CONSTANT)
def test_every_code_has_a_russian_sentence(code: str) -> None:
    assert knows(code, Language.RU)


@pytest.mark.parametrize("code", sorted({code for codes in MADE.values() for code in codes}))
def test_every_code_that_is_put_together_has_a_russian_sentence(code: str) -> None:
    assert knows(code, Language.RU)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_codes_has_a_sentence_in_both_languages(family: str) -> None:
    assert knows(f"*-{family}", Language.RU)
    assert KEPT[f"*-{family}"].endswith(".")


def test_every_code_kept_without_its_sentence_has_a_russian_one() -> None:
    assert [one for one in KEPT if not knows(one, Language.RU)] == []


def _english() -> Iterator[re.Pattern[str]]:
    for _, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield re.compile("".join(map(_piece, node.values)), re.DOTALL)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.compile(re.sub(r"\d+|\\\{\w+\\\}", ".+", re.escape(node.value)))


def _piece(one: ast.expr) -> str:
    return (
        re.sub(r"\d+", ".+", re.escape(str(one.value))) if isinstance(one, ast.Constant) else ".+"
    )


def test_a_translation_of_one_sentence_of_a_code_is_of_a_sentence_that_there_is() -> None:
    with (HOME / "texts/office/locale/ru/sentences.po").open("rb") as source:
        own = {
            str(one.id) for one in read_po(source) if one.context not in {None, "sentence", "term"}
        }
    spoken = tuple(_english())
    assert [one for one in own if not any(each.fullmatch(one) for each in spoken)] == []
