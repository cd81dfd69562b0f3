"""A policy order: one card to be made, as an office or an employer's table asks for it."""

from dataclasses import dataclass, field
from enum import StrEnum, unique

from cardservice.domain.holder import Category, Holder
from cardservice.domain.insurance import InsurancePeriod


@unique
class Channel(StrEnum):
    """How the application came in (domain.md, "Who applies, and for what")."""

    OFFICE = "office"
    WEBSITE = "website"
    HOME = "home"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDocument:
    """The document the person showed; type and number as given, never put onto the card."""

    kind: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach the person; each perhaps unknown, never put onto the card."""

    address: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyOrder:
    """What a station needs to make one card, and an office to hand it over.

    Attributes:
        holder, insurance: what goes onto the card.
        category: why the holder may have one.
        document, contact: for the office.
    """

    holder: Holder
    category: Category
    insurance: InsurancePeriod
    channel: Channel
    document: IdentityDocument | None = None
    contact: Contact = Contact()
