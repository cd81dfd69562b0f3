"""Whether the totals of blank cards in an archive are what its movements come to."""

from collections import Counter
from typing import Final

from cardservice.errors import Refusal
from cardservice.storage.archive.copy_text import coding_for, from_line
from cardservice.storage.archive.manifest import TablePart, damaged
from cardservice.storage.tables.making import stock_movements, stock_totals

_KEY: Final = ("region", "kind", "station")
_QUANTITY: Final = "quantity"
_TEXT: Final = coding_for("VARCHAR")


class StockCheck:
    """Sees the rows of an archive, and judges in the end."""

    def __init__(self) -> None:
        self._sums: dict[str, Counter[tuple[str, ...]]] = {
            stock_movements.name: Counter(),
            stock_totals.name: Counter(),
        }

    def see(self, part: TablePart, line: bytes) -> None:
        """Count a row in, if it is of one of the two tables; raises Refusal ``archive-damaged``."""
        sums = self._sums.get(part.name)
        if sums is None:
            return
        row = dict(zip(part.columns, from_line(line, [_TEXT] * len(part.columns)), strict=True))
        try:
            sums[tuple(row[name] or "" for name in _KEY)] += int(row[_QUANTITY])
        except (KeyError, ValueError, TypeError):
            raise damaged(f"a row of {part.name} cannot be read") from None

    def expect_same(self) -> None:
        """Return if totals and movements are the same; raises Refusal ``stock-differs``."""
        moved, kept = self._sums.values()
        for key in sorted(moved.keys() | kept.keys()):
            if moved[key] != kept[key]:
                region, kind, _ = key
                sentence = (
                    f"The total of “{kind}” of blank cards in region {region} is {kept[key]}, "
                    f"the movements come to {moved[key]}."
                )
                raise Refusal("stock-differs", sentence)
