"""What a zoo asks for, as it comes through the port: names and octets made into an order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cardservice.domain.enp import demonstration_number
from cardservice.domain.holder import Category, Citizenship, Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import (
    parse_ogrn,
    parse_okato,
    parse_snils,
)
from cardservice.domain.orders import Channel, PolicyOrder
from cardservice.errors import UsageError
from cardservice.policycard.photo import Photo, format_of

Wish = Mapping[str, Any]
"""Members as ``simulators.zoo.wishes`` writes them; a member that is None is not on the card."""


def policy_order(wish: Wish) -> PolicyOrder:
    """Return the order for the person and the insurance that ``wish`` names.

    Raises:
        UsageError, Refusal: a member is missing, or is none that a card can carry.
    """
    try:
        return PolicyOrder(
            holder=_holder(wish),
            category=Category.CITIZEN,
            insurance=InsurancePeriod(
                ogrn=parse_ogrn(wish["ogrn"]),
                okato=parse_okato(wish["okato"]),
                start_date=date.fromisoformat(wish["start_date"]),
                end_date=day_of(wish["end_date"]),
            ),
            channel=Channel.OFFICE,
        )
    except KeyError as missing:
        raise UsageError(f"the wish for a card has no member {missing}") from None


def day_of(text: str | None) -> date | None:
    """Return the day of a text YYYY-MM-DD; None for none."""
    return None if text is None else date.fromisoformat(text)


def photo_of(image: bytes | None) -> Photo | None:
    """Return the photo that begins as one of ours; raises UsageError for any other image."""
    if image is None:
        return None
    found = format_of(image)
    if found is None:
        raise UsageError("the image is neither JPEG nor JPEG 2000")
    return Photo(found, image)


def _holder(wish: Wish) -> Holder:
    sex, birth_date = Sex(wish["sex"]), date.fromisoformat(wish["birth_date"])
    return Holder(
        enp=demonstration_number(birth_date, sex, wish["serial"]),
        surname=wish["surname"],
        given_name=wish["given_name"],
        patronymic=wish["patronymic"],
        sex=sex,
        birth_date=birth_date,
        birth_place=wish["birth_place"],
        citizenship=_citizenship(wish["citizenship"]),
        snils=None if wish["snils"] is None else parse_snils(wish["snils"]),
    )


def _citizenship(country: tuple[str, str] | None) -> Citizenship | None:
    return None if country is None else Citizenship(*country)
