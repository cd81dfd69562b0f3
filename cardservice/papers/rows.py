"""Persons, documents and insurers as rows of label and value; what is not known has no row."""

from collections.abc import Iterator

from cardservice.papers.sheet import Row
from cardservice.papers.values import PaperDocument, PaperInsurer, PaperPerson, PaperRepresentative
from cardservice.papers.wording import (
    ENP_GROUP,
    SEXES,
    PaperLanguage,
    say,
    show_date,
    show_number,
)

MaybeRow = tuple[str, str | None]


def known(rows: Iterator[MaybeRow], language: PaperLanguage) -> Iterator[Row]:
    """Yield the rows that have a value, their labels in ``language``."""
    return ((say(label, language), value) for label, value in rows if value)


def person_rows(person: PaperPerson, language: PaperLanguage) -> Iterator[MaybeRow]:
    """Yield what a paper says of the insured person."""
    yield from _name_rows(person)
    yield "Sex", say(SEXES[person.sex], language)
    yield "Birth date", show_date(person.birth_date, language)
    yield "Birth place", person.birth_place
    yield "Citizenship", person.citizenship
    yield "SNILS", person.snils
    yield "Policy number", _enp(person, language)


def representative_rows(
    representative: PaperRepresentative, language: PaperLanguage
) -> Iterator[MaybeRow]:
    """Yield what a paper says of who applies for another."""
    yield from _name_rows(representative)
    yield "Relation", representative.relation
    yield "Document", show_document(representative.document, language)
    yield "Authority", show_document(representative.authority, language)
    yield "Phone", representative.phone


def insurer_rows(insurer: PaperInsurer) -> Iterator[MaybeRow]:
    """Yield what a paper says of the insurer."""
    yield "Insurer", insurer.name
    yield "OGRN", insurer.ogrn
    yield "Region", f"{insurer.region} ({insurer.okato})" if insurer.region else insurer.okato
    yield "Address", insurer.address
    yield "Phone", insurer.phone


def show_document(document: PaperDocument | None, language: PaperLanguage) -> str | None:
    """Return a document in one line, None for none."""
    if document is None:
        return None
    issue = _issue(document, language)
    parts = [f"{document.kind} {document.number}", *([issue] if issue else [])]
    if document.expires is not None:
        parts.append(f"{say('valid until', language)} {show_date(document.expires, language)}")
    return ", ".join(parts)


def _issue(document: PaperDocument, language: PaperLanguage) -> str:
    day = "" if document.issued is None else show_date(document.issued, language)
    told = " ".join(part for part in (day, document.issuer) if part)
    return f"{say('issued', language)} {told}" if told else ""


def _name_rows(named: PaperPerson | PaperRepresentative) -> Iterator[MaybeRow]:
    yield "Surname", named.surname
    yield "Given name", named.given_name
    yield "Patronymic", named.patronymic


def _enp(person: PaperPerson, language: PaperLanguage) -> str:
    if person.enp is None:
        return say("being assigned", language)
    return show_number(person.enp, ENP_GROUP)
