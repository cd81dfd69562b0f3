"""What an issuer is asked for: a made-up person, an insurance, and what is to be wrong with it.

The person's policy number is of region 00, where nobody lives; the issuer composes it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from zlib import crc32

_SERIALS: Final = 100_000  # policy numbers have five digits for persons born on one day
_SNILS_TAILS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A made-up holder; None is not on the card. Dates are YYYY-MM-DD."""

    surname: str
    given_name: str
    patronymic: str | None
    sex: str
    birth_date: str
    birth_place: str | None = "г. Образцовск Макетной обл."
    citizenship: tuple[str, str] | None = ("RUS", "Россия")


PERSONS: Final = (
    Person(
        surname="Образцова",
        given_name="Анна",
        patronymic="Петровна",
        sex="female",
        birth_date="1984-03-08",
    ),
    Person(
        surname="Примеров",
        given_name="Иван",
        patronymic="Сергеевич",
        sex="male",
        birth_date="1957-11-30",
    ),
    Person(
        surname="Макетова",
        given_name="Ульяна",
        patronymic="Фёдоровна",
        sex="female",
        birth_date="2015-06-01",
    ),
    Person(
        surname="Учебный",
        given_name="Роман",
        patronymic="Ильич",
        sex="male",
        birth_date="1999-02-28",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One card as an issuer makes it, and what its register says of it.

    Attributes:
        person: None: one of ``PERSONS``.
        ogrn, okato: of the insurer.
        start_date, end_date: of the insurance; YYYY-MM-DD.
        expiry: last day of the policy; YYYY-MM-DD.
        has_snils, issue_date: whether they are on the card.
        photo: an image, JPEG or JPEG 2000.
        profile: ``field``, ``protected`` or ``private``.
        signer: ``good``, ``revoked`` or ``unknown``.
        status: in the register: ``active``, ``blocked``, ``terminated``, ``unknown`` (not there).
        life_cycle: of the chip: ``personalized``, ``blocked`` or ``terminated``.
        next_insurer: ``usual`` or ``longest`` (2,048 octets, with the insurer's signature and
            certificate): a second insurer record in place of the first, which becomes history.
        superseded: signed yesterday, and the register knows a card signed today.
    """

    person: Person | None = None
    ogrn: str = "1009900000010"
    okato: str = "00001"
    start_date: str = "2023-01-01"
    end_date: str | None = None
    expiry: str | None = None
    has_snils: bool = True
    issue_date: bool = True
    photo: bytes | None = None
    profile: str = "field"
    signer: str = "good"
    status: str = "active"
    life_cycle: str = "personalized"
    next_insurer: str | None = None
    superseded: bool = False


def members_of(wish: Wish, name: str) -> Mapping[str, Any]:
    """Return the wish as it crosses the port: text, numbers, octets; ``name`` chooses the number.

    Each name has a policy number of its own, so that no card of the zoo supersedes another.
    """
    serial = crc32(name.encode()) % _SERIALS
    person = wish.person or PERSONS[serial % len(PERSONS)]
    members = {**asdict(wish), **asdict(person), "serial": serial}
    # Numbers up to 001-001-998 have no check digits, and none was ever given to a person.
    members["snils"] = f"001-000-{serial % _SNILS_TAILS:03} 00" if wish.has_snils else None
    return members


def another_person(wish: Wish, name: str) -> Wish:
    """Return the same wish for somebody else than ``members_of`` takes for that name."""
    serial = crc32(name.encode()) % _SERIALS
    return replace(wish, person=PERSONS[(serial + 1) % len(PERSONS)])
