"""What the order of a table's row is called, told without judging the row."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from cardservice.domain.numbers import Enp
from cardservice.domain.order_columns import Column
from cardservice.domain.orders import PolicyOrder
from cardservice.errors import Refusal
from cardservice.home.folder import write_atomically

SALT_OCTETS: Final = 32
NAME_DIGITS: Final = 16  # hexadecimal: of a million rows two have one name once in 37 million
_PREFIX: Final = "t-"
_SALT: Final = "table-salt"
_COLUMNS: Final = (Column.ENP, Column.INSURER_OGRN, Column.OKATO, Column.INSURANCE_START)
_BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row as it was typed; ``insured_from`` is ``YYYY-MM-DD`` in a good one."""

    order_id: str
    enp: Enp = field(repr=False)
    insured_from: str


class RowNames:
    """Names of orders: the same for the same policy number and insurance in every run.

    Without the salt, which stays on this station, nobody learns from a journal whose cards it
    tells of: policy numbers are few enough to be tried one after the other.

    Args:
        salt: 32 octets.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._places: tuple[int, ...] = ()

    def learn(self, header: bytes) -> None:
        """Take in where the columns of a table stand; its header was judged before."""
        names = [one.strip() for one in _cells(header.decode().removeprefix(_BYTE_ORDER_MARK))]
        self._places = tuple(names.index(one.value) for one in _COLUMNS)

    def name(self, policy: PolicyOrder) -> str:
        """Return the name of a row's order: ``t-`` and 16 hexadecimal digits."""
        period = policy.insurance
        start = period.start_date.isoformat()
        return self._named((policy.holder.enp, period.ogrn, period.okato, start))

    def of_line(self, line: bytes) -> NamedRow | None:
        """Return the name of a row as it was typed; None: it is no row."""
        try:
            cells = _cells(line.decode())
            typed = tuple(cells[place].strip(" ") for place in self._places)
        except (UnicodeDecodeError, csv.Error, IndexError):
            return None
        return NamedRow(self._named(typed), Enp(typed[0]), typed[-1])

    def _named(self, typed: tuple[str, ...]) -> str:
        said = "\n".join(typed).encode("utf-8", "surrogatepass")
        return _PREFIX + sha256(self._salt + said).hexdigest()[:NAME_DIGITS]


def row_names(folder: Path, *, entropy: Callable[[int], bytes]) -> RowNames:
    """Return the names of a station whose files lie in ``folder``; its salt is made once.

    Raises:
        Refusal: ``table-salt-damaged``.
    """
    path = folder / _SALT
    if not path.exists():
        write_atomically(path, entropy(SALT_OCTETS))
    salt = path.read_bytes()
    if len(salt) != SALT_OCTETS:
        sentence = f"{path} is damaged; put it back from a copy, or no row is known again."
        raise Refusal("table-salt-damaged", sentence)
    return RowNames(salt)


def _cells(text: str) -> list[str]:
    return next(csv.reader((text.rstrip("\r\n"),), strict=True), [])
