"""Kinds of members that only requests about cards have."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from cardservice.registry.stations import LONGEST_LEASE_MINUTES
from cardservice.registry.stations_orders import LAST_CARD_NUMBER, LONGEST_CHIP_SERIAL
from cardservice.registry.stock_chips import CHIP_OCTETS

_YEARS: Final = range(2000, 2200)  # no card was signed before, and far times have no UTC


def _written_moment(value: object) -> object:
    # Else a number would pass for a moment: seconds since 1970.
    if isinstance(value, str | datetime):
        return value
    raise PydanticCustomError("moment-format", "The time is not written as in RFC 3339.")


def _near_moment(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise PydanticCustomError("moment-impossible", "There is no such time of a signature.")
    return value.astimezone(UTC)


Moment = Annotated[AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_near_moment)]
"""A time with its offset from UTC."""

CardNumber = Annotated[int, Field(strict=True, ge=0, le=LAST_CARD_NUMBER)]
"""List number and index of EF.CardID as one integer, 48 bits."""

ChipSerial = Annotated[
    str, StringConstraints(pattern=rf"^([0-9A-Fa-f]{{2}}){{1,{LONGEST_CHIP_SERIAL}}}$")
]
"""Of the chip, in hexadecimal digits."""

BlankSerial = Annotated[str, StringConstraints(pattern=rf"^[0-9A-Fa-f]{{{2 * CHIP_OCTETS}}}$")]
"""Of a blank's chip, in 16 hexadecimal digits."""

Minutes = Annotated[int, Field(strict=True, ge=1, le=LONGEST_LEASE_MINUTES)]
"""How long a lease lasts, from now."""

ListNumber = Annotated[
    str, Path(pattern=r"^[0-9]{6,12}$", description="Of the list.", examples=["000017"])
]
"""Number of a dispatch list."""


def octets_of(serial: str | None) -> bytes | None:
    """Return the octets that hexadecimal digits stand for; None: none are there."""
    return None if serial is None else bytes.fromhex(serial)


def digits_of(serial: object) -> object:
    """Return octets as hexadecimal digits, anything else as it is."""
    return serial.hex() if isinstance(serial, bytes) else serial


ShownSerial = Annotated[str | None, BeforeValidator(digits_of)]
"""Of a blank's chip as it is shown; null: it was not named."""
