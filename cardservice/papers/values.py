"""What is printed: values that the office fills; texts NFC, as given, already in words.

None of them has a printed form of its own, so that no log carries a person.
"""

from dataclasses import dataclass, field
from datetime import date

from cardservice.domain.holder import Category, Sex
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils
from cardservice.policycard.photo import Photo


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaperDocument:
    """A document shown: its kind in words, series and number in one."""

    kind: str
    number: str
    issuer: str | None = None
    issued: date | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaperPerson:
    """The insured person as papers name them."""

    surname: str
    given_name: str
    patronymic: str | None = None
    sex: Sex
    birth_date: date
    birth_place: str | None = None
    citizenship: str | None = None
    snils: Snils | None = None
    enp: Enp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperInsurer:
    """The insurer: name, OGRN, the region of its policies, how to reach it."""

    name: str
    ogrn: Ogrn
    okato: Okato
    region: str | None = None
    address: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TemporaryCertificate:
    """What a temporary certificate (временное свидетельство) says.

    Attributes:
        number: 9 digits.
        fund: the issuing fund, 5 digits.
        application_number: whose answer it is.
        document: the identity document it is shown with.
        issued: the first day it serves.
        valid_until: the last day it serves.
        issued_by: who hands it out, None: a line to write on.
    """

    number: str
    application_number: str
    fund: str
    category: Category
    person: PaperPerson
    insurer: PaperInsurer
    issued: date
    valid_until: date
    document: PaperDocument | None = None
    issued_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PaperRepresentative:
    """Who applies for another: parent, guardian, or representative with a power of attorney."""

    surname: str
    given_name: str
    patronymic: str | None = None
    relation: str
    document: PaperDocument | None = None
    authority: PaperDocument | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ApplicationForm:
    """What an application for a policy says.

    Attributes:
        number: of the application.
        filed: the day it was filed.
        reason: why, in words of the paper's language; so are ``channel`` and ``carrier``.
        carrier: card with chip or paper.
        collection: where the policy is to be collected.
    """

    number: str
    filed: date
    reason: str
    channel: str
    carrier: str
    category: Category
    person: PaperPerson
    insurer: PaperInsurer
    documents: tuple[PaperDocument, ...] = ()
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    collection: str | None = None
    representative: PaperRepresentative | None = None
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardFace:
    """What is printed on both sides of a card.

    Attributes:
        card_number: what the stock knows the card by.
        can: the card's PACE password, 6 digits, which is printed on purpose.
        valid_until: None: unlimited.
        photo: None: the place stays empty and the texts take it.
    """

    person: PaperPerson
    insurer: PaperInsurer
    card_number: str
    can: str = field(repr=False)
    valid_until: date | None = None
    photo: Photo | None = None
