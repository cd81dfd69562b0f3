"""What holds for every paper: PDF/A-3b as far as it can be seen without a validator."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any, Self

import pytest
from typing_extensions import override

from cardservice.errors import UsageError
from cardservice.papers.application_form import application_pdf
from cardservice.papers.card_face import card_pdf
from cardservice.papers.certificate import certificate_pdf
from cardservice.papers.pdf import Imprint, runs, write_pdf
from cardservice.papers.scene import Page, Words
from cardservice.papers.statement.signed import sign_statement
from cardservice.papers.wording import PaperLanguage
from tests.unit.papers.examples import CERTIFICATE, FACE, FONTS, FORM, MADE, key, photo, statement
from tests.unit.papers.pdf_reading import dictionaries, fonts_of, opened, text_of

STATEMENT = sign_statement(statement(), key())
ICC_SIGNATURE = slice(36, 40)  # ICC.1:2022, 7.2.9

Maker = Callable[[PaperLanguage], bytes]


@cache
def _certificate(language: PaperLanguage) -> bytes:
    return certificate_pdf(CERTIFICATE, STATEMENT, fonts=FONTS, made=MADE, language=language)


@cache
def _application(language: PaperLanguage) -> bytes:
    return application_pdf(FORM, fonts=FONTS, made=MADE, language=language)


@cache
def _card(language: PaperLanguage) -> bytes:
    face = replace(FACE, photo=photo())
    return card_pdf(face, fonts=FONTS, made=MADE, language=language)


every_paper = pytest.mark.parametrize("make", [_certificate, _application, _card])
RU, EN = PaperLanguage


@every_paper
def test_it_declares_part_3_and_conformance_b(make: Maker) -> None:
    with opened(make(RU)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "B"


@every_paper
def test_metadata_stand_in_one_place_alone(make: Maker) -> None:
    with opened(make(RU)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:language"] == {"ru"}
        assert metadata["pdf:Producer"] == "electronic-policy-card"
        assert metadata["xmp:CreateDate"] == "2026-11-22T09:30:00+00:00"
        assert "/Info" not in pdf.trailer


@every_paper
def test_colours_are_bound_to_an_icc_profile_of_three_components(make: Maker) -> None:
    with opened(make(RU)) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes()[ICC_SIGNATURE] == b"acsp"


@every_paper
def test_every_font_is_embedded(make: Maker) -> None:
    with opened(make(RU)) as pdf:
        descriptors = fonts_of(pdf)
        assert descriptors
        assert all(len(one.FontFile2.read_bytes()) > 0 for one in descriptors)


@every_paper
def test_it_is_not_encrypted_and_holds_no_script_and_no_action(make: Maker) -> None:
    with opened(make(RU)) as pdf:
        assert not pdf.is_encrypted
        for one in dictionaries(pdf):
            assert not {"/JS", "/JavaScript", "/AA", "/Launch"} & set(one.keys())
            assert one.get("/S") not in {"/JavaScript", "/Launch", "/URI", "/SubmitForm"}


@every_paper
def test_it_has_an_identifier_and_no_transparency(make: Maker) -> None:
    with opened(make(RU)) as pdf:
        assert len(pdf.trailer.ID) == 2
        assert all("/SMask" not in one for one in dictionaries(pdf))


@every_paper
@pytest.mark.parametrize("language", PaperLanguage)
def test_its_language_is_that_of_its_labels(make: Maker, language: PaperLanguage) -> None:
    with opened(make(language)) as pdf:
        assert str(pdf.Root.Lang) == language


@every_paper
def test_its_text_can_be_taken_out(make: Maker) -> None:
    with opened(make(RU)) as pdf:
        text = text_of(pdf)
    assert "Цветков" in text
    assert "0058 0008 4400 0019" in text


@every_paper
def test_its_title_names_no_person(make: Maker) -> None:
    with opened(make(RU)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"]
        assert "Цветков" not in metadata["dc:title"]


@every_paper
def test_the_same_values_give_the_same_octets(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(RU)
    monkeypatch.setattr("fpdf.output.datetime", _Timeless)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert make.__wrapped__(RU) == first


class _Timeless(datetime):
    @classmethod
    @override
    def now(cls, tz: tzinfo | None = None) -> Self:
        raise AssertionError(f"a paper asked for the time in {tz}")


@every_paper
def test_english_labels_leave_what_the_office_filled_in(make: Maker) -> None:
    with opened(make(EN)) as pdf:
        text = text_of(pdf)
    assert "Policy number" in text
    assert "Номер полиса" not in text
    assert "Цветков" in text


def test_a_time_of_another_zone_is_written_as_utc() -> None:
    east = MADE.astimezone(timezone(timedelta(hours=12)))
    page = Page(50, 50, (Words(5, 10, "Полис", 4, "#000000"),))
    there = write_pdf([page], Imprint(title="x", language="ru", made=east), FONTS)
    assert there == write_pdf([page], Imprint(title="x", language="ru", made=MADE), FONTS)


def test_a_time_without_a_zone_and_a_paper_without_pages_are_refused() -> None:
    page = Page(50, 50, ())
    naive = MADE.replace(tzinfo=None)
    with pytest.raises(UsageError):
        write_pdf([page], Imprint(title="x", language="ru", made=naive), FONTS)
    with pytest.raises(UsageError):
        write_pdf([], Imprint(title="x", language="ru", made=MADE), FONTS)


def test_dark_modules_side_by_side_are_one_run() -> None:
    assert runs(bytes((1, 1, 0, 1, 0, 0, 1, 1, 1))) == [(0, 2), (3, 1), (6, 3)]
    assert runs(bytes(3)) == []
