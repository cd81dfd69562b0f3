"""The application form: what was asked for, to be read over and signed."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from cardservice.papers import characters
from cardservice.papers.certificate import foot_line
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, SOFT_INK
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.rows import (
    MaybeRow,
    insurer_rows,
    known,
    person_rows,
    representative_rows,
    show_document,
)
from cardservice.papers.scene import Words
from cardservice.papers.sheet import Block, below, pages_of, paragraph, section, signature
from cardservice.papers.values import ApplicationForm
from cardservice.papers.wording import CATEGORIES, CONSENT, PaperLanguage, say, show_date

_TITLE: Final = 6.3
_SUBTITLE: Final = 4.2


def application_pdf(
    form: ApplicationForm,
    *,
    fonts: PaperFonts,
    made: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> bytes:
    """Return the application as PDF/A-3b, A4, the same octets for the same arguments.

    Args:
        form: what it says.
        fonts: from ``find_fonts``.
        made: when it was made, aware.
        language: of the labels.

    Raises:
        Refusal: a text that cannot be printed, see ``characters.check``.
    """
    characters.check(form, fonts)
    title = f"{say('Application for a policy', language)} {say('No.', language)} {form.number}"
    foot = partial(foot_line, title, language)
    imprint = Imprint(title=title, language=language, made=made)
    return write_pdf(pages_of(_blocks(form, fonts, language), fonts, foot), imprint, fonts)


def _blocks(form: ApplicationForm, fonts: PaperFonts, language: PaperLanguage) -> Iterator[Block]:
    yield _head(form, language)
    for title, rows in _sections(form, language):
        told = list(known(rows, language))
        if told:
            yield from section(say(title, language), told, fonts)
    day = say("Date", language)
    holder = say("Signature of the holder or representative", language)
    consent = paragraph(say(CONSENT, language), fonts)
    yield below(consent, signature(holder, None, day, fonts))
    yield signature(say("Accepted by", language), form.accepted_by, day, fonts)


def _head(form: ApplicationForm, language: PaperLanguage) -> Block:
    title = say("APPLICATION FOR A POLICY", language)
    number = f"{say('No.', language)} {form.number}"
    filed = f"{number} · {say('Filed', language)} {show_date(form.filed, language)}"
    return Block(
        30,
        (
            Words(0, 8, title, _TITLE, ACCENT, bold=True),
            Words(0, 14.5, say("of compulsory health insurance", language), _SUBTITLE, SOFT_INK),
            Words(0, 23, filed, _SUBTITLE, INK, bold=True),
        ),
    )


def _sections(
    form: ApplicationForm, language: PaperLanguage
) -> Iterator[tuple[str, Iterator[MaybeRow]]]:
    yield "Application", _wish_rows(form, language)
    yield "Holder", person_rows(form.person, language)
    yield "Documents", (("Document", show_document(one, language)) for one in form.documents)
    yield "Contacts", _contact_rows(form)
    if form.representative is not None:
        yield "Representative", representative_rows(form.representative, language)
    yield "Insurer", insurer_rows(form.insurer)


def _wish_rows(form: ApplicationForm, language: PaperLanguage) -> Iterator[MaybeRow]:
    yield "Reason", form.reason
    yield "Policy wanted", form.carrier
    yield "Category", say(CATEGORIES[form.category], language)
    yield "Filed through", form.channel
    yield "To be collected at", form.collection


def _contact_rows(form: ApplicationForm) -> Iterator[MaybeRow]:
    yield "Address", form.address
    yield "Phone", form.phone
    yield "E-mail", form.email
