"""Names and texts that would hide, turn round, overflow or vanish on paper."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cardservice.errors import Refusal
from cardservice.papers.application_form import application_pdf
from cardservice.papers.card_face import Side, card_pages, card_png
from cardservice.papers.certificate import certificate_pdf
from cardservice.papers.statement.content import statement_of
from cardservice.papers.statement.signed import sign_statement
from cardservice.papers.values import PaperPerson
from tests.unit.papers.examples import (
    CERTIFICATE,
    FACE,
    FONTS,
    FORM,
    INSURER,
    MADE,
    PASSPORT,
    key,
    person,
    statement,
)
from tests.unit.papers.pdf_reading import opened, text_of

TEXT = sign_statement(statement(), key())


def _certificate(named: PaperPerson) -> object:
    given = replace(CERTIFICATE, person=named)
    return certificate_pdf(given, TEXT, fonts=FONTS, made=MADE)


def _application(named: PaperPerson) -> object:
    return application_pdf(replace(FORM, person=named), fonts=FONTS, made=MADE)


def _card(named: PaperPerson) -> object:
    return card_png(replace(FACE, person=named), Side.FRONT, fonts=FONTS)


every_paper = pytest.mark.parametrize("make", [_certificate, _application, _card])

HOSTILE = [
    ("\u202e", "paper-hidden-character"),  # right-to-left override
    ("\u2066", "paper-hidden-character"),  # left-to-right isolate
    ("\u200b", "paper-hidden-character"),  # zero width space
    ("\u200d", "paper-hidden-character"),  # zero width joiner
    ("\ufeff", "paper-hidden-character"),  # byte order mark
    ("\u00ad", "paper-hidden-character"),  # soft hyphen
    ("\x00", "paper-hidden-character"),
    ("\n", "paper-hidden-character"),
    ("\t", "paper-hidden-character"),
    ("\x1b", "paper-hidden-character"),
    ("\u2028", "paper-hidden-character"),  # line separator
    ("\ue000", "paper-hidden-character"),  # private use
    ("\ud800", "paper-hidden-character"),  # half a surrogate pair
    ("\u05d0", "paper-right-to-left"),
    ("\u0627", "paper-right-to-left"),
    ("\u0661", "paper-right-to-left"),
    ("\U0001f9ff", "paper-missing-character"),
    ("\U00020000", "paper-missing-character"),
    ("\u4e2d", "paper-missing-character"),
    ("\uff21", "paper-missing-character"),
]


@every_paper
@pytest.mark.parametrize(("character", "code"), HOSTILE)
def test_a_character_that_cannot_be_shown_is_refused_by_its_code_point(
    make: Callable[[PaperPerson], object], character: str, code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        make(person(surname=f"Цвет{character}ков"))
    assert caught.value.code == code
    assert caught.value.field == "surname"
    assert f"U+{ord(character):04X}" in caught.value.sentence
    assert "Цвет" not in caught.value.sentence


@pytest.mark.parametrize(
    "form",
    [
        replace(FORM, reason="\u202e"),
        replace(FORM, insurer=replace(INSURER, name="\u202e")),
        replace(FORM, documents=(PASSPORT, replace(PASSPORT, issuer="\u202e"))),
        replace(FORM, representative=replace(_given, relation="\u202e"))
        if (_given := FORM.representative)
        else FORM,
    ],
)
def test_no_text_is_left_unlooked_at_however_deep(form: Any) -> None:
    with pytest.raises(Refusal, match=r"U\+202E"):
        application_pdf(form, fonts=FONTS, made=MADE)


@every_paper
@pytest.mark.parametrize("surname", ["О'Коннор-д’Артаньян", "Ñandú Õun Ғали Ҷӯра Li-Ö И."])
def test_apostrophes_and_letters_of_other_peoples_are_printed(
    make: Callable[[PaperPerson], object], surname: str
) -> None:
    assert make(person(surname=surname))


def test_markup_and_pdf_syntax_in_a_name_are_only_letters() -> None:
    name = "(a) Tj\\) <b>**x**__y__&amp;"
    made = certificate_pdf(
        replace(CERTIFICATE, person=person(surname=name)), TEXT, fonts=FONTS, made=MADE
    )
    with opened(made) as pdf:
        assert name in text_of(pdf)


@pytest.mark.parametrize("number", ["</rdf:li>&", "]]>", "x\\) /JS (", "<!--"])
def test_markup_in_a_title_stays_a_title(number: str) -> None:
    made = application_pdf(replace(FORM, number=number), fonts=FONTS, made=MADE)
    with opened(made) as pdf, pdf.open_metadata() as metadata:
        assert str(metadata["dc:title"]).endswith(number)


@every_paper
def test_a_name_longer_than_sixty_characters_is_refused(
    make: Callable[[PaperPerson], object],
) -> None:
    with pytest.raises(Refusal, match="longer than 60") as caught:
        make(person(given_name="а" * 61))
    assert (caught.value.code, caught.value.field) == ("paper-text-too-long", "given_name")


@every_paper
@pytest.mark.parametrize("surname", ["", " ", "\u00a0"])
def test_a_name_of_nothing_is_refused(make: Callable[[PaperPerson], object], surname: str) -> None:
    with pytest.raises(Refusal) as caught:
        make(person(surname=surname))
    assert caught.value.code == "paper-text-missing"


@every_paper
def test_a_decomposed_name_is_refused(make: Callable[[PaperPerson], object]) -> None:
    with pytest.raises(Refusal) as caught:
        make(person(given_name="Андреи\u0306"))
    assert caught.value.code == "paper-not-composed"


@pytest.mark.parametrize("letter", ["Щ", "W"])
def test_a_sixty_letter_name_of_wide_letters_without_a_break_is_refused(letter: str) -> None:
    face = replace(FACE, person=person(surname=letter * 60))
    with pytest.raises(Refusal, match="name does not fit"):
        card_pages(face, fonts=FONTS)


def test_a_sixty_letter_name_of_narrow_letters_is_on_the_card_whole() -> None:
    front, _ = card_pages(replace(FACE, person=person(surname="г" * 60)), fonts=FONTS)
    assert any(getattr(mark, "text", "") == "г" * 60 for mark in front.marks)


def test_a_sixty_letter_name_without_a_break_is_whole_on_a_sheet_and_signed_shortened() -> None:
    certificate = replace(CERTIFICATE, person=person(surname="Щ" * 60))
    text = sign_statement(statement_of(certificate), key())
    with opened(certificate_pdf(certificate, text, fonts=FONTS, made=MADE)) as pdf:
        assert text_of(pdf).count("Щ") == 60


def test_a_card_number_or_insurer_too_long_for_the_card_is_refused() -> None:
    for face in (
        replace(FACE, card_number="1" * 200),
        replace(FACE, insurer=replace(INSURER, name="Я" * 250)),
        replace(FACE, insurer=replace(INSURER, address="ул. Ясная " * 29)),
    ):
        with pytest.raises(Refusal, match="does not fit"):
            card_pages(face, fonts=FONTS)
