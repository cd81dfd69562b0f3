"""A document a person shows, and what is wrong with one as a draft has it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.field_rules import TextRule, text_findings
from cardservice.domain.findings import Finding, refused, softened
from cardservice.domain.findings import warning as warned
from cardservice.domain.numbers import parse_snils
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import age_on
from cardservice.domain.texts import NOTE_LENGTH, tidy

DOCUMENT_NUMBER_LENGTH: Final = 50  # characters; this project's own
ISSUER_LENGTH: Final = NOTE_LENGTH
_NUMBER: Final = TextRule(
    "number", "document's number", DOCUMENT_NUMBER_LENGTH, short="document-number"
)
_ISSUER: Final = TextRule("issuer", "issuer of the document", ISSUER_LENGTH)


@unique
class DocumentType(StrEnum):
    """Source: domain.md, "Documents by category"; the values of tables of orders."""

    PASSPORT_RF = "passport_rf"
    TEMPORARY_IDENTITY_CARD = "temporary_identity_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    FOREIGN_PASSPORT = "foreign_passport"
    RESIDENCE_PERMIT = "residence_permit"
    TEMPORARY_RESIDENCE_PERMIT = "temporary_residence_permit"  # mostly a mark in the passport
    REFUGEE_CERTIFICATE = "refugee_certificate"
    REQUEST_CONSIDERED = "request_considered"  # proof that the request for refuge is
    COMPLAINT_CONSIDERED = "complaint_considered"  # proof that one against its refusal is
    TEMPORARY_ASYLUM_CERTIFICATE = "temporary_asylum_certificate"
    STATELESS_ID = "stateless_id"
    EMPLOYMENT_CONTRACT = "employment_contract"
    SNILS = "snils"
    POWER_OF_ATTORNEY = "power_of_attorney"
    GUARDIANSHIP_ACT = "guardianship_act"


@unique
class Whose(StrEnum):
    """Whom a document is about."""

    PERSON = "person"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as a draft has it: texts as typed, anything may be missing.

    Attributes:
        kind: its type.
        whose: whom it is about.
        number: series and number.
        issued_on: its date.
        issuer: who issued it.
        expires_on: its last day, if it has one; also of a permit or a contract.
        scan: what the scan is found by, if there is one.
    """

    kind: DocumentType | None = None
    whose: Whose = Whose.PERSON
    number: str = field(default="", repr=False)
    issued_on: date | None = None
    issuer: str = field(default="", repr=False)
    expires_on: date | None = None
    scan: str | None = None


_WORDS: Final[Mapping[DocumentType, str]] = {
    DocumentType.PASSPORT_RF: "passport of a citizen",
    DocumentType.TEMPORARY_IDENTITY_CARD: "temporary identity card",
    DocumentType.BIRTH_CERTIFICATE: "birth certificate",
    DocumentType.FOREIGN_PASSPORT: "foreign passport",
    DocumentType.RESIDENCE_PERMIT: "residence permit",
    DocumentType.TEMPORARY_RESIDENCE_PERMIT: "temporary residence permit",
    DocumentType.REFUGEE_CERTIFICATE: "refugee certificate",
    DocumentType.REQUEST_CONSIDERED: "proof that the request is being considered",
    DocumentType.COMPLAINT_CONSIDERED: "proof that the complaint is being considered",
    DocumentType.TEMPORARY_ASYLUM_CERTIFICATE: "temporary-asylum certificate",
    DocumentType.STATELESS_ID: "identity document of a stateless person",
    DocumentType.EMPLOYMENT_CONTRACT: "employment contract",
    DocumentType.SNILS: "SNILS",
    DocumentType.POWER_OF_ATTORNEY: "power of attorney",
    DocumentType.GUARDIANSHIP_ACT: "act of guardianship",
}

# Only the citizen's passport has a form that everybody knows: series of four digits, number of six.
_PASSPORT_FORM: Final = re.compile(r"[0-9]{2} ?[0-9]{2} ?[0-9]{6}", re.ASCII)
# Since 1998 a birth certificate has a Roman number, two letters and six digits; foreign ones and
# old ones are written otherwise, so that this form is only expected.
_BIRTH_FORM: Final = re.compile(r"[IVXLC]{1,6}-?[А-ЯЁ]{2} ?(№ ?)?[0-9]{6}")
_CONTRACTS: Final = frozenset({DocumentType.EMPLOYMENT_CONTRACT})  # two parties, no issuer


def words_of(kind: DocumentType) -> str:
    """Return the name of a type in an English sentence."""
    return _WORDS[kind]


def check_document(
    document: Document, *, birth_date: date | None, on: date, rules: RuleSet, later: bool = False
) -> Iterator[Finding]:
    """Return what is wrong with ``document``; the fields are its own.

    Args:
        document: as the draft has it.
        birth_date: of the person the policy is for, None while it is not known.
        on: the day of the check.
        rules: the rule set.
        later: the document is seen at hand-over, so what is missing of it is only a warning.
    """
    if document.kind is None:
        yield Finding("kind", "document-type-missing", "The type of the document is missing.")
    missing = _missing(document)
    yield from map(softened, missing) if later else missing
    yield from _number(document)
    yield from text_findings(_ISSUER, document.issuer)
    yield from _dates(document, on)
    if birth_date is not None and document.whose is Whose.PERSON:
        yield from _against_birth(document, birth_date, rules)


def _missing(document: Document) -> Iterator[Finding]:
    if document.kind is DocumentType.SNILS:
        return
    if not tidy(document.number[:ISSUER_LENGTH]):
        yield Finding("number", "document-number-missing", "The document's number is missing.")
    if document.issued_on is None:
        yield Finding("issued_on", "document-date-missing", "The document's date is missing.")
    if document.kind not in _CONTRACTS and not tidy(document.issuer[:ISSUER_LENGTH]):
        yield Finding("issuer", "document-issuer-missing", "Who issued the document is missing.")
    if not document.scan:
        yield Finding("scan", "document-scan-missing", "The scan of the document is missing.")


def _number(document: Document) -> Iterator[Finding]:
    found = tuple(text_findings(_NUMBER, document.number))
    yield from found
    number = "" if found else tidy(document.number)
    if not number:
        return
    match document.kind:
        case DocumentType.PASSPORT_RF if not _PASSPORT_FORM.fullmatch(number):
            sentence = "A passport has a series of four digits and a number of six."
            yield Finding("number", "passport-number-format", sentence)
        case DocumentType.BIRTH_CERTIFICATE if not _BIRTH_FORM.fullmatch(number.upper()):
            sentence = "A birth certificate issued in Russia is numbered like I-АБ 123456."
            yield warned("number", "birth-certificate-number-format", sentence)
        case DocumentType.SNILS:
            yield from refused("number", parse_snils, number)
        case _:
            pass


def _dates(document: Document, on: date) -> Iterator[Finding]:
    issued, expires = document.issued_on, document.expires_on
    if issued is not None and issued > on:
        sentence = "The document's date is in the future."
        yield Finding("issued_on", "document-date-in-future", sentence)
    if expires is None:
        return
    if issued is not None and expires < issued:
        sentence = "The document ends before its date."
        yield Finding("expires_on", "document-ends-before-date", sentence)
    elif expires < on:
        yield Finding("expires_on", "document-expired", "The document is no longer good.")


def _against_birth(document: Document, birth_date: date, rules: RuleSet) -> Iterator[Finding]:
    if document.issued_on is None:
        return
    age, passport_age = age_on(birth_date, document.issued_on), rules.passport_age.value
    if age < 0:
        sentence = "The document's date is before the person's birth."
        yield Finding("issued_on", "document-before-birth", sentence)
    elif document.kind is DocumentType.PASSPORT_RF and age < passport_age:
        sentence = f"A passport is not issued to a citizen under {passport_age}."
        yield Finding("issued_on", "passport-before-age", sentence)
