import json
import re
from dataclasses import replace

import pikepdf
import pytest
import segno

from cardservice.papers.certificate import DATA_NAME, certificate_pdf
from cardservice.papers.qr import qr_code
from cardservice.papers.scene import Box, Modules
from cardservice.papers.statement.content import statement_of
from cardservice.papers.statement.signed import sign_statement, verify_statement
from cardservice.papers.values import TemporaryCertificate
from cardservice.papers.wording import PaperLanguage
from tests.unit.papers.examples import (
    CERTIFICATE,
    FONTS,
    ISSUED,
    LONG_SURNAME,
    MADE,
    key,
    long_named,
    person,
    trusted,
)
from tests.unit.papers.pdf_reading import image_count, opened, text_of

A4_POINTS = (595.28, 841.89)


def _paper(certificate: TemporaryCertificate, language: PaperLanguage = PaperLanguage.RU) -> bytes:
    statement = sign_statement(statement_of(certificate), key())
    return certificate_pdf(certificate, statement, fonts=FONTS, made=MADE, language=language)


def test_it_is_one_sheet_of_a4() -> None:
    with opened(_paper(CERTIFICATE)) as pdf:
        (page,) = pdf.pages
        left, bottom, right, top = map(float, page.mediabox)
    assert (right - left, top - bottom) == pytest.approx(A4_POINTS, abs=0.01)


def test_it_says_whose_it_is_and_how_long_it_serves() -> None:
    with opened(_paper(CERTIFICATE)) as pdf:
        text = text_of(pdf)
    assert "№ 012 345 678" in text
    assert "с 22.11.2026 по 05.01.2027" in text
    for said in ("Цветков", "Андрей", "05.01.1999", "гражданин Российской Федерации", "00042"):
        assert said in text


def test_a_person_without_a_number_yet_and_without_options_has_a_certificate() -> None:
    bare = person(enp=None, patronymic=None, snils=None, birth_place=None, citizenship=None)
    plain = replace(CERTIFICATE, person=bare, document=None, issued_by=None)
    with opened(_paper(plain)) as pdf:
        text = text_of(pdf)
    assert "присваивается" in text
    assert "Отчество" not in text


def test_the_longest_names_are_printed_whole() -> None:
    longest = replace(CERTIFICATE, person=long_named())
    with opened(_paper(longest)) as pdf:
        joined = text_of(pdf).replace("\n", "")
        assert LONG_SURNAME in joined
        assert "Длинные имена" in joined
        assert "страница 2 из 2" in joined


def test_its_data_are_inside_for_programs() -> None:
    with opened(_paper(CERTIFICATE)) as pdf:
        (associated,) = pdf.Root.AF
        assert associated.AFRelationship == "/Data"
        assert str(associated.UF) == DATA_NAME
        data = associated.EF.F
        assert data.Subtype == "/application/json"
        told = json.loads(data.read_bytes())
    assert told["number"] == "012345678"
    assert told["person"]["birth_date"] == "1999-01-05"
    assert told["category"] == "citizen"
    assert verify_statement(told["statement"], [trusted()], ISSUED) == statement_of(CERTIFICATE)


def test_the_code_is_drawn_and_not_an_image() -> None:
    with opened(_paper(CERTIFICATE)) as pdf:
        assert image_count(pdf) == 0


def test_the_drawn_rectangles_are_the_dark_modules_of_the_statement() -> None:
    text = sign_statement(statement_of(CERTIFICATE), key())
    octets = certificate_pdf(CERTIFICATE, text, fonts=FONTS, made=MADE)
    expected = [list(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]
    assert _drawn_matrix(octets, len(expected)) == expected


def _drawn_matrix(octets: bytes, size: int) -> list[list[int]]:
    """Return the modules as the page draws them, whatever fills touch them."""
    matrix = [[0] * size for _ in range(size)]
    with opened(octets) as pdf:
        rectangles = [
            [float(number) for number in one.operands]
            for one in pikepdf.parse_content_stream(pdf.pages[0])
            if str(one.operator) == "re"
        ]
    narrow = [one for one in rectangles if abs(one[3]) == pytest.approx(_height(rectangles))]
    module = _height(rectangles)
    left = min(one[0] for one in narrow)
    top = min(one[1] for one in narrow)
    for x, y, width, _ in narrow:
        column, row = round((x - left) / module), round((y - top) / module)
        for offset in range(round(width / module)):
            matrix[row][column + offset] = 1
    return matrix


def _height(rectangles: list[list[float]]) -> float:
    heights = [round(abs(one[3]), 4) for one in rectangles]
    return max(set(heights), key=heights.count)


def test_the_code_keeps_its_quiet_zone_and_its_alphanumeric_mode() -> None:
    text = sign_statement(statement_of(CERTIFICATE), key())
    box, modules = qr_code(text, width=50.0)
    assert isinstance(box, Box)
    assert isinstance(modules, Modules)
    assert modules.x == pytest.approx(4 * modules.module)  # ISO/IEC 18004, 5.3.8
    assert modules.y == pytest.approx(modules.x)
    assert (len(modules.rows) + 4 + 4) * modules.module == pytest.approx(50.0)
    assert segno.make_qr(text).mode == "alphanumeric"


def test_the_statement_stands_in_the_code_and_not_in_the_text() -> None:
    with opened(_paper(CERTIFICATE)) as pdf:
        assert not re.search("OMS1:", text_of(pdf))
