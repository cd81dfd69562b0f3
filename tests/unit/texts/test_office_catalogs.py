"""Several catalogs read as one, and what those of the office hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.texts.office import office_translations
from cardservice.texts.office.catalogs import merged
from tests.shared import ROOT

RU, EN = Language.RU, Language.EN
OFFICE = ROOT / "cardservice/texts/office/locale/ru"
CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def _catalog(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale="ru", abort_invalid=True)


def _messages() -> Iterator[Message]:
    for file in sorted(OFFICE.glob("*.po")):
        yield from (one for one in _catalog(file) if one.id)


def _package(folder: Path, name: str, **catalogs: str) -> None:
    home = folder / name / "locale/ru"
    home.mkdir(parents=True)
    (folder / name / "__init__.py").write_text("")
    for area, text in catalogs.items():
        (home / f"{area}.po").write_text(HEAD + text, encoding="utf-8")


def test_every_catalog_of_a_package_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(
        *(tmp_path, "pages_of_two"),
        queue='msgid "Queue"\nmsgstr "Очередь"\n',
        people='msgid "People"\nmsgstr "Люди"\n',
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    said = merged(RU, "pages_of_two")
    assert (said.gettext("Queue"), said.gettext("People")) == ("Очередь", "Люди")


def test_the_first_catalog_by_name_that_has_a_text_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _package(
        *(tmp_path, "pages_that_differ"),
        second='msgid "Queue"\nmsgstr "Вторая"\n',
        first='msgid "Queue"\nmsgstr "Первая"\n',
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert merged(RU, "pages_that_differ").gettext("Queue") == "Первая"


def test_a_package_without_catalogs_says_what_the_office_and_the_service_say() -> None:
    said = merged(RU, "tests.unit.texts")
    assert said.gettext("Chip") == "Чип"
    assert said.pgettext("order-state", "Queued") == "Queued"
    assert said.pgettext("sex", "Female") == "Женский"


def test_a_package_may_say_a_text_of_the_office_in_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _package(
        *(tmp_path, "pages_of_their_own"),
        own='msgctxt "sex"\nmsgid "Female"\nmsgstr "Женщина"\n',
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert merged(RU, "pages_of_their_own").pgettext("sex", "Female") == "Женщина"


def test_a_text_of_one_package_does_not_reach_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _package(tmp_path, "pages_alone", own='msgid "Only here"\nmsgstr "Только здесь"\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    assert merged(RU, "pages_alone").gettext("Only here") == "Только здесь"
    assert translations(RU).gettext("Only here") == "Only here"
    assert office_translations(RU).gettext("Only here") == "Only here"


def test_english_texts_are_their_own_keys() -> None:
    assert office_translations(EN).gettext("Chip") == "Chip"
    assert merged(EN, "a.package.that.nobody.wrote").gettext("Chip") == "Chip"


def test_a_package_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError):
        merged(RU, "a_package_that_nobody_wrote")


def test_every_translation_of_the_office_is_in_cyrillic() -> None:
    foreign = [one.id for one in _messages() if not CYRILLIC & set(str(one.string).lower())]
    assert foreign == []


def test_no_translation_of_the_office_is_there_twice_or_doubtful() -> None:
    keys = [(one.context, one.id) for one in _messages()]
    assert len(keys) == len(set(keys))
    assert [one.id for one in _messages() if one.fuzzy] == []


def test_every_text_of_the_office_stands_in_a_context() -> None:
    assert [one.id for one in _messages() if not one.context] == []
