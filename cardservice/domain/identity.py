"""Whether two records are the same person: to find the first policy, and to propose merging.

It proposes; a person decides. Two people of one name born on one day exist, and numbers are
mistyped, so a record is never *the same* by one sign alone.

Source: domain.md, "Rules with teeth", 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final, Generic, TypeVar

from cardservice.domain.search_text import search_form

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identity:
    """What a person is recognised by; numbers already parsed, empty when not known."""

    surname: str
    given_name: str
    patronymic: str = ""
    birth_date: date | None = None
    birth_place: str = ""
    enp: str = ""
    snils: str = ""


@unique
class Match(StrEnum):
    SAME = "same"
    MAYBE = "maybe"  # a person must look
    DIFFERENT = "different"


@unique
class Sign(StrEnum):
    """What two records have in common, or have against each other."""

    ENP = "enp"
    SNILS = "snils"
    NAME = "name"
    FIRST_NAMES = "first-names"  # given name and patronymic, but not the surname
    BIRTH_DATE = "birth-date"
    BIRTH_PLACE = "birth-place"
    ENP_DIFFERS = "enp-differs"
    SNILS_DIFFERS = "snils-differs"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer and what it rests on."""

    match: Match
    signs: frozenset[Sign]


_NUMBERS: Final = frozenset({Sign.ENP, Sign.SNILS})
_PERSONAL: Final = frozenset({Sign.NAME, Sign.BIRTH_DATE})
_AGAINST: Final = frozenset({Sign.ENP_DIFFERS, Sign.SNILS_DIFFERS})
_RENAMED: Final = frozenset({Sign.FIRST_NAMES, Sign.BIRTH_DATE, Sign.BIRTH_PLACE})


def compare(one: Identity, other: Identity) -> Comparison:
    """Return whether ``one`` and ``other`` are the same person, in whatever order.

    *Same*: a number in common (ENP or SNILS), and the name or the birth date. *Maybe*: a number
    alone; or name and birth date, unless both numbers speak against it; or all but the surname
    (a marriage). The rest is *different*.
    """
    signs = _signs(one, other)
    return Comparison(_judged(signs), signs)


@dataclass(frozen=True, slots=True)
class Found(Generic[K]):
    """The records that are the person sought, and those that may be."""

    same: tuple[K, ...]
    maybe: tuple[K, ...]


def find(sought: Identity, records: Iterable[tuple[K, Identity]]) -> Found[K]:
    """Return which of ``records`` (a key, and who it is) are the person sought, in their order.

    A second application finds the first policy so; several that are the same are duplicates
    to be merged.
    """
    found: dict[Match, list[K]] = {match: [] for match in Match}
    for key, identity in records:
        found[compare(sought, identity).match].append(key)
    return Found(tuple(found[Match.SAME]), tuple(found[Match.MAYBE]))


def _judged(signs: frozenset[Sign]) -> Match:
    if signs & _NUMBERS:
        return Match.SAME if signs & _PERSONAL else Match.MAYBE
    if signs >= _AGAINST:
        return Match.DIFFERENT
    if signs >= _PERSONAL or signs >= _RENAMED:
        return Match.MAYBE
    return Match.DIFFERENT


def _signs(one: Identity, other: Identity) -> frozenset[Sign]:
    first, second = _form(one), _form(other)
    pairs = (
        (Sign.ENP, one.enp, other.enp),
        (Sign.SNILS, one.snils, other.snils),
        (Sign.NAME, first.name, second.name),
        (Sign.BIRTH_DATE, one.birth_date, other.birth_date),
        (Sign.BIRTH_PLACE, first.birth_place, second.birth_place),
    )
    found = {sign for sign, left, right in pairs if left and left == right}
    if Sign.NAME not in found and first.first_names == second.first_names != "":
        found.add(Sign.FIRST_NAMES)
    if one.enp and other.enp and one.enp != other.enp:
        found.add(Sign.ENP_DIFFERS)
    if one.snils and other.snils and one.snils != other.snils:
        found.add(Sign.SNILS_DIFFERS)
    return frozenset(found)


@dataclass(frozen=True, slots=True, repr=False)
class _Form:
    name: str
    first_names: str
    birth_place: str


def _form(one: Identity) -> _Form:
    surname, given, patronymic, place = map(
        search_form, (one.surname, one.given_name, one.patronymic, one.birth_place)
    )
    first_names = f"{given}\n{patronymic}" if given else ""
    whole = f"{surname}\n{first_names}" if surname and given else ""
    return _Form(whole, first_names, place)
