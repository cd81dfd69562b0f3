"""What fields are called."""

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.application import Application
from cardservice.domain.order_columns import Column
from cardservice.registry.complaints import FileComplaint
from cardservice.registry.medical_organisations import AddOrganisation, OrganisationForm
from cardservice.registry.people import CORRECTABLE
from cardservice.registry.places_form import PlaceForm
from cardservice.texts.languages import Language
from cardservice.texts.office.fields import FIELDS, field_label
from tests.shared import ROOT

RU, EN = Language.RU, Language.EN
PACKAGES = ("domain", "registry", "accounts", "uploads", "papers", "notifying")
OF_THE_FRAME = {"region", "key", "form", "person_id", "application_id"}


def _paths(record: type, prefix: str = "") -> Iterator[str]:
    for name, kind in get_type_hints(record).items():
        yield f"{prefix}{name}"
        part = next((one for one in (kind, *get_args(kind)) if is_dataclass(one)), None)
        item = "0." if get_origin(kind) is tuple else ""
        if isinstance(part, type):
            yield from _paths(part, f"{prefix}{name}.{item}")


def _named_in_refusals() -> Iterator[str]:
    for package in PACKAGES:
        for file in (ROOT / "cardservice" / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword) and node.arg == "field":
                    found: Any = getattr(node.value, "value", None)
                    yield from [found] if isinstance(found, str) else []


def _own_fields(record: type) -> list[str]:
    return [one.name for one in fields(record)]


WANTED = sorted(
    {
        *_paths(Application),
        *(one.value for one in Column),
        *CORRECTABLE,
        *_named_in_refusals(),
        *_own_fields(PlaceForm),
        *_own_fields(OrganisationForm),
        *(set(_own_fields(AddOrganisation)) - OF_THE_FRAME),
        *(set(_own_fields(FileComplaint)) - OF_THE_FRAME),
    }
)


def _is_named(path: str) -> bool:
    parts = [one for one in path.split(".") if not one.isdecimal()]
    return any(".".join(parts[start:]) in FIELDS for start in range(len(parts)))


def test_the_walk_goes_into_the_parts_of_an_application() -> None:
    parts = {"person.birth_date", "documents.0.number", "representative.attorney.until"}
    assert {*parts, "ground.kind", "file", "visit_minutes", "chip_serial"} <= set(WANTED)


@pytest.mark.parametrize("path", WANTED)
def test_every_field_has_a_name(path: str) -> None:
    assert _is_named(path)


def test_every_name_of_a_field_is_translated() -> None:
    with (ROOT / "cardservice/texts/office/locale/ru/fields.po").open("rb") as source:
        translated = {one.id for one in read_po(source, locale="ru") if one.id and one.string}
    assert translated == set(FIELDS.values())


def test_a_field_is_called_by_its_path() -> None:
    assert field_label("person.birth_date", EN) == "Birth date"
    assert field_label("person.birth_date", RU) == "Дата рождения"


def test_the_longest_known_end_of_a_path_counts() -> None:
    assert field_label("documents.3.number", RU) == "Серия и номер"
    assert field_label("representative.attorney.number", RU) == "Номер доверенности"
    assert field_label("number", RU) == "Номер"


def test_an_item_of_a_list_is_called_as_the_list() -> None:
    assert field_label("documents.0", EN) == "Documents"


def test_a_field_that_nobody_named_gives_its_last_part() -> None:
    assert field_label("person.shoe_size", RU) == "shoe size"


@given(st.text())
def test_any_path_gives_a_text(path: str) -> None:
    assert isinstance(field_label(path, RU), str)
