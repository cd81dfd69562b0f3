"""Every code has its sentence, in both languages."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from cardservice.domain.holder import Sex
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.texts.tables import (
    ANSWERS,
    CHECKS,
    OUTCOMES,
    PROBLEMS,
    REASONS,
    SEXES,
    every_text,
)
from cardservice.verify.examination import Problem
from tests.shared import ROOT

PACKAGE = ROOT / "cardservice"
CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def _catalog() -> Catalog:
    with (PACKAGE / "locale/ru/LC_MESSAGES/cardservice.po").open("rb") as source:
        return read_po(source, locale="ru", abort_invalid=True)


def _extracted(method: str, paths: list[Path], keywords: dict[str, None]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        with path.open("rb") as source:
            found.update(str(one[1]) for one in extract(method, source, keywords=keywords))
    return found


def _wanted() -> set[str]:
    templates = list((PACKAGE / "web/templates").glob("*.html"))
    modules = [*(PACKAGE / "web").rglob("*.py"), *(PACKAGE / "texts").rglob("*.py")]
    in_templates = _extracted("jinja2.ext:babel_extract", templates, {"_": None})
    in_modules = _extracted("python", modules, {"_say": None, "gettext": None})
    return {*every_text(), *in_templates, *in_modules}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(reason: Reason) -> None:
    assert REASONS[reason].sentence.endswith(".")


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_its_sentence_and_its_remedy(problem: Problem) -> None:
    assert PROBLEMS[problem].sentence.endswith(".")
    assert (PROBLEMS[problem].remedy or "").endswith(".")


def test_every_check_outcome_and_sex_has_its_word() -> None:
    assert set(CHECKS) == set(CheckName)
    assert set(OUTCOMES) == set(ANSWERS) == set(Outcome)
    assert set(SEXES) == set(Sex)


def test_every_text_of_the_interface_is_translated() -> None:
    translated = {one.id for one in _catalog() if one.id and one.string and not one.fuzzy}
    assert sorted(_wanted() - translated) == []


def test_every_translation_is_written_in_cyrillic() -> None:
    foreign = [
        one.id for one in _catalog() if one.id and not CYRILLIC & set(str(one.string).lower())
    ]
    assert foreign == []


def test_a_translation_ends_like_its_sentence() -> None:
    unlike = [
        one.id
        for one in _catalog()
        if one.id and str(one.id).endswith(".") != str(one.string).endswith(".")
    ]
    assert unlike == []
