"""The temporary certificate: one sheet that serves until the policy is handed over."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from cardservice.papers import characters
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, SOFT_INK, TINT
from cardservice.papers.pdf import Attachment, Imprint, write_pdf
from cardservice.papers.qr import qr_code
from cardservice.papers.rows import MaybeRow, insurer_rows, known, person_rows, show_document
from cardservice.papers.scene import Box, Mark, Words, moved
from cardservice.papers.sheet import (
    BODY,
    COLUMN,
    SMALL,
    Block,
    pages_of,
    painted,
    paragraph,
    section,
    signature,
)
from cardservice.papers.statement.content import has_shortened_name
from cardservice.papers.typesetting import Run, height_of, stack, wrap
from cardservice.papers.values import TemporaryCertificate
from cardservice.papers.wording import (
    ADVICE,
    CATEGORIES,
    SCAN,
    SERVES,
    SHORTENED,
    PaperLanguage,
    say,
    show_date,
    show_number,
)

DATA_NAME: Final = "certificate.json"
"""Name of the file inside the PDF with what the paper says."""

QR_WIDTH: Final = 50.0  # millimetres; modules of 0.6 mm, which a cheap camera parts
NUMBER_GROUP: Final = 3
_TITLE, _SUBTITLE, _NUMBER, _TERM = 6.3, 4.2, 7.0, 5.0
_HEAD_WIDTH: Final = COLUMN - QR_WIDTH - 4
_AIR: Final = 3.0


def certificate_pdf(
    certificate: TemporaryCertificate,
    statement: str,
    *,
    fonts: PaperFonts,
    made: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> bytes:
    """Return the certificate as PDF/A-3b, A4, the same octets for the same arguments.

    Args:
        certificate: what it says.
        statement: the text for the QR code, from ``sign_statement``.
        fonts: from ``find_fonts``.
        made: when it was made, aware.
        language: of the labels.

    Raises:
        Refusal: a text that cannot be printed, see ``characters.check``.
    """
    characters.check(certificate, fonts)
    blocks = _blocks(certificate, statement, fonts, language)
    shown = show_number(certificate.number, NUMBER_GROUP)
    title = f"{say('Temporary certificate', language)} {say('No.', language)} {shown}"
    foot = partial(foot_line, title, language)
    imprint = Imprint(
        title=title,
        language=language,
        made=made,
        attachment=Attachment(
            name=DATA_NAME,
            media_type="application/json",
            description=say("Temporary certificate", language),
            octets=json_octets(certificate, statement),
        ),
    )
    return write_pdf(pages_of(blocks, fonts, foot), imprint, fonts)


def foot_line(title: str, language: PaperLanguage, number: int, count: int) -> str:
    """Return what stands at the foot of page ``number``."""
    return f"{title} · {say('page', language)} {number} {say('of', language)} {count}"


def json_octets(certificate: TemporaryCertificate, statement: str) -> bytes:
    """Return what the certificate says as JSON (UTF-8), members by name, dates as ISO 8601."""
    told = {**_plain(certificate), "statement": statement}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        members = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: _plain(member) for name, member in members}
    return value.isoformat() if isinstance(value, date) else value


def _blocks(
    certificate: TemporaryCertificate, statement: str, fonts: PaperFonts, language: PaperLanguage
) -> Iterator[Block]:
    yield _head(certificate, statement, fonts, language)
    yield paragraph(say(SERVES, language), fonts)
    holder = list(known(_holder_rows(certificate, language), language))
    yield from section(say("Holder", language), holder, fonts)
    insurer = list(known(_issuer_rows(certificate), language))
    yield from section(say("Insurer", language), insurer, fonts)
    yield paragraph(say(ADVICE, language), fonts)
    employee = say("Signature of the insurer's employee", language)
    stamp, day = say("Stamp", language), say("Date", language)
    yield signature(f"{employee}, {stamp}", certificate.issued_by, day, fonts)
    yield signature(say("Signature of the holder or representative", language), None, day, fonts)


def _holder_rows(certificate: TemporaryCertificate, language: PaperLanguage) -> Iterator[MaybeRow]:
    yield from person_rows(certificate.person, language)
    yield "Category", say(CATEGORIES[certificate.category], language)
    yield "Document", show_document(certificate.document, language)


def _issuer_rows(certificate: TemporaryCertificate) -> Iterator[MaybeRow]:
    yield from insurer_rows(certificate.insurer)
    yield "Fund", certificate.fund
    yield "Application", certificate.application_number


def _head(
    certificate: TemporaryCertificate, statement: str, fonts: PaperFonts, language: PaperLanguage
) -> Block:
    x = COLUMN - QR_WIDTH
    code = tuple(moved(mark, x=x) for mark in qr_code(statement, width=QR_WIDTH))
    caption = _caption(certificate, fonts, language)
    under = tuple(moved(one, x=x, y=QR_WIDTH) for one in caption)
    height = QR_WIDTH + height_of(len(caption), SMALL) + _AIR
    return Block(height, (*_titles(certificate, language), *code, *under))


def _caption(
    certificate: TemporaryCertificate, fonts: PaperFonts, language: PaperLanguage
) -> tuple[Words, ...]:
    texts = [SCAN, *([SHORTENED] if has_shortened_name(certificate.person) else [])]
    lines = (
        line
        for text in texts
        for line in wrap(say(text, language), fonts.regular, size=SMALL, width=QR_WIDTH)
    )
    return painted(stack([Run(line) for line in lines], SMALL), SOFT_INK)


def _titles(certificate: TemporaryCertificate, language: PaperLanguage) -> tuple[Mark, ...]:
    number = show_number(certificate.number, NUMBER_GROUP)
    term = (
        f"{say('from', language)} {show_date(certificate.issued, language)} "
        f"{say('until', language)} {show_date(certificate.valid_until, language)}"
    )
    return (
        Words(0, 8, say("TEMPORARY CERTIFICATE", language), _TITLE, ACCENT, bold=True),
        Words(0, 14.5, say("of compulsory health insurance", language), _SUBTITLE, SOFT_INK),
        Words(0, 27, f"{say('No.', language)} {number}", _NUMBER, INK, bold=True),
        Box(0, 34, _HEAD_WIDTH, 18, TINT),
        Box(0, 34, 1.4, 18, ACCENT),
        Words(5, 40.5, say("Valid", language), BODY, SOFT_INK),
        Words(5, 48, term, _TERM, INK, bold=True),
    )
