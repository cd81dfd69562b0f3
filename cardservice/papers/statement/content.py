"""What the QR code of a temporary certificate says: everything whole but long names.

Two bounds meet: 300 octets with the signature, and names of up to 60 characters. So a name
longer than 40 octets of UTF-8 is shortened to its whole first characters and marked with an
ellipsis; everything else is always complete.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from unicodedata import combining

from cardservice.domain.holder import Category
from cardservice.domain.numbers import Enp, Ogrn
from cardservice.papers.values import PaperPerson, TemporaryCertificate

NAME_OCTETS: Final = 40  # of UTF-8, the ellipsis included: three names fit in any script
ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Statement:
    """What a desk learns from the QR code; it has no printed form, so that no log carries it.

    Attributes:
        insurer: OGRN of who issued and signed.
        fund: the issuing fund, 5 digits.
        number: of the certificate, 9 digits.
        enp: the policy number, None while the register has not given one.
        surname: as ``given_name`` and ``patronymic`` perhaps shortened, then it ends in ``…``.
        issued: the first day it serves.
        valid_until: the last day it serves.
    """

    insurer: Ogrn
    fund: str
    number: str
    category: Category
    enp: Enp | None
    birth_date: date
    surname: str
    given_name: str
    patronymic: str | None
    issued: date
    valid_until: date


def statement_of(certificate: TemporaryCertificate) -> Statement:
    """Return what the QR code of ``certificate`` says: long names shortened, all else complete."""
    person, insurer = certificate.person, certificate.insurer
    patronymic = person.patronymic
    return Statement(
        insurer=insurer.ogrn,
        fund=certificate.fund,
        number=certificate.number,
        category=certificate.category,
        enp=person.enp,
        birth_date=person.birth_date,
        surname=shorten(person.surname),
        given_name=shorten(person.given_name),
        patronymic=None if patronymic is None else shorten(patronymic),
        issued=certificate.issued,
        valid_until=certificate.valid_until,
    )


def has_shortened_name(person: PaperPerson) -> bool:
    """Return whether the QR code says less of the person's names than the paper."""
    names = (person.surname, person.given_name, person.patronymic or "")
    return any(shorten(name) != name for name in names)


def shorten(name: str) -> str:
    """Return ``name``, or as many of its first characters as fit in 40 octets with an ellipsis.

    A letter keeps the marks that stand on it, or goes with them.
    """
    if len(name.encode()) <= NAME_OCTETS:
        return name
    end = len(name.encode()[: NAME_OCTETS - len(ELLIPSIS.encode())].decode(errors="ignore"))
    while end and combining(name[end]):
        end -= 1
    return name[:end].rstrip() + ELLIPSIS
