"""Pages as PDF/A-3b: fonts embedded, colours by sRGB, the same octets for the same values.

The library brings the ICC profile (sRGB2014) and the output intent; the XMP packet is ours,
because the library's own carries the time of day.

Source: ISO 19005-3 (PDF/A-3), level B.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from fpdf import FPDF
from fpdf.enums import DocumentCompliance, PathPaintRule

from cardservice.errors import UsageError
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.scene import Box, Mark, Modules, Page, Picture, Words
from cardservice.papers.xmp import xmp_packet

PRODUCER: Final = "electronic-policy-card"
MM_PER_INCH: Final = 25.4
_POINTS_PER_MM: Final = 72 / MM_PER_INCH
_FAMILY: Final = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the PDF that holds the paper's own data for programs."""

    name: str
    media_type: str
    description: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a PDF says of itself.

    Attributes:
        title: without personal data: it shows in window titles and lists.
        language: a tag such as ``ru``.
        made: when the paper was made, aware.
        attachment: None: no file inside.
    """

    title: str
    language: str
    made: datetime
    attachment: Attachment | None = None


def write_pdf(pages: Sequence[Page], imprint: Imprint, fonts: PaperFonts) -> bytes:
    """Return the pages as PDF/A-3b, the same octets for the same arguments.

    Raises:
        UsageError: there are no pages, or ``made`` has no time zone.
    """
    if not pages or imprint.made.tzinfo is None:
        raise UsageError("a paper has pages and a time with a zone")
    made = imprint.made.astimezone(UTC).replace(microsecond=0)
    pdf = _document(fonts)
    _describe(pdf, imprint, made)
    for page in pages:
        pdf.add_page(format=(page.width, page.height))
        for mark in page.marks:
            _draw(pdf, mark)
    if imprint.attachment is not None:
        _attach(pdf, imprint.attachment, made)
    return bytes(pdf.output())


def _document(fonts: PaperFonts) -> FPDF:
    pdf = FPDF(unit="mm", enforce_compliance=DocumentCompliance.PDFA_3B)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.add_font(_FAMILY, "", fonts.regular.path)
    pdf.add_font(_FAMILY, "B", fonts.bold.path)
    return pdf


def _describe(pdf: FPDF, imprint: Imprint, made: datetime) -> None:
    pdf.set_title(imprint.title)
    pdf.set_producer(PRODUCER)
    pdf.set_lang(imprint.language)
    pdf.set_creation_date(made)
    pdf.set_xmp_metadata(
        xmp_packet(title=imprint.title, language=imprint.language, producer=PRODUCER, made=made)
    )


def _attach(pdf: FPDF, attachment: Attachment, made: datetime) -> None:
    pdf.embed_file(
        bytes=attachment.octets,
        basename=attachment.name,
        mime_type=attachment.media_type,
        desc=attachment.description,
        modification_date=made,
        associated_file_relationship="Data",
    )


def _draw(pdf: FPDF, mark: Mark) -> None:
    match mark:
        case Words():
            _draw_words(pdf, mark)
        case Box():
            pdf.set_fill_color(mark.colour)
            pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")
        case Picture():
            pdf.image(mark.image, mark.x, mark.y, mark.width, mark.height)
        case Modules():
            _draw_modules(pdf, mark)


def _draw_words(pdf: FPDF, words: Words) -> None:
    pdf.set_font(_FAMILY, "B" if words.bold else "", words.size * _POINTS_PER_MM)
    pdf.set_text_color(words.colour)
    pdf.text(words.x, words.y, words.text)


def _draw_modules(pdf: FPDF, code: Modules) -> None:
    # One path for all modules: rectangles filled one by one leave hairlines between them.
    with pdf.new_path(paint_rule=PathPaintRule.FILL_NONZERO) as path:
        path.style.fill_color = code.colour
        path.style.stroke_color = None
        for number, row in enumerate(code.rows):
            for start, length in runs(row):
                x, y = code.x + start * code.module, code.y + number * code.module
                path.rectangle(x, y, length * code.module, code.module)


def runs(row: bytes) -> list[tuple[int, int]]:
    """Return where dark modules stand side by side: first and count of each run."""
    found, start = list[tuple[int, int]](), None
    for place, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            found.append((start, place - start))
            start = None
    return found
