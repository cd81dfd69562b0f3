"""What people call an order by."""

from typing import Final
from uuid import UUID

_DIGITS: Final = 12  # the last ones of an id: drawn, so that no two of a list are alike
_GROUP: Final = 4


def order_code(id_: UUID) -> str:
    """Return the last twelve digits of an order's id in groups: ``9A2F-00C1-77D0``."""
    digits = id_.hex[-_DIGITS:].upper()
    return "-".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))
