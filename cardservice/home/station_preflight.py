"""The pre-flight put together: a table, or orders, tried on software cards by every core."""

import secrets
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cardservice.domain.rows import Accepted, Refused, bounded_lines, read_rows
from cardservice.home.folder import Folder, read_fund
from cardservice.home.issuer import DEMONSTRATION_FUND, STATUS_LIST, utc_now
from cardservice.home.station_preflight_photos import RowPhotos, row_photos
from cardservice.home.station_preflight_trial import TrialPlan, find_software_card
from cardservice.personalization.order import CardOrder
from cardservice.personalization.preflight import Candidate, Fault, Results, try_all
from cardservice.personalization.preflight_numbers import SeenNumbers, refuse_repeated
from cardservice.personalization.preparing_crew import cores
from cardservice.pki.names import Fund
from cardservice.settings import Settings


@dataclass(frozen=True, slots=True)
class Preflight:
    """Tries batches; touches no real key, no plastic and no ledger, so it may run anywhere.

    Attributes:
        fund: whose cards they are to be.
        photos: of the rows of a table.
        processes: that try rows at the same time.
    """

    fund: Fund
    photos: RowPhotos | None
    processes: int

    def try_table(self, holders: Path) -> Results:
        """Yield what became of each row of a table, in the order of the rows.

        Rows are numbered as a person counts in the file: the line of column names is 1.

        Raises:
            Refusal: the header is wrong, or the table too long.
            ReaderUnavailableError: there is no software card in this installation.
        """
        with holders.open("rb") as file:
            rows = read_rows(bounded_lines(file), today=utc_now().date())
            yield from self._try(self._candidate(one) for one in rows)

    def try_orders(self, orders: Iterable[CardOrder]) -> Results:
        """Yield what becomes of each order, in their order, counted from 1; raises as the other."""
        numbered = enumerate(orders, 1)
        yield from self._try(Candidate(row=row, order=order) for row, order in numbered)

    def _try(self, candidates: Iterable[Candidate]) -> Results:
        find_software_card()  # here, so that it is told once and with its remedy
        unrepeated = refuse_repeated(candidates, SeenNumbers(secrets.token_bytes))
        plan = TrialPlan(self.fund, self.photos)
        with closing(try_all(unrepeated, plan, processes=self.processes)) as tried:
            yield from tried

    def _candidate(self, row: Accepted | Refused) -> Candidate:
        if isinstance(row, Refused):
            faults = tuple(Fault.of(one) for one in row.refusals)
            return Candidate(row=row.row, faults=faults)
        policy = row.order
        order = CardOrder(
            holder=policy.holder,
            insurance=policy.insurance,
            fund=self.fund.code,
            list_number=STATUS_LIST,
            list_index=row.row,
            issue_date=utc_now().date(),
        )
        return Candidate(row=row.row, order=order, notes=row.warnings)


def make_preflight(
    settings: Settings, *, photos: Path | None = None, processes: int | None = None
) -> Preflight:
    """Return a pre-flight for the fund of the settings' home; without a home a fictional one's.

    Args:
        settings: home, and what photos are to fit.
        photos: folder of ``ROW.jpg``.
        processes: None: one a core.

    Raises:
        Refusal: there is a home, and its marker cannot be read.
        UsageError: the settings ask for photos that no card can take.
    """
    folder = Folder(settings.home)
    fund = read_fund(folder) if folder.marker.is_file() else DEMONSTRATION_FUND
    return Preflight(fund, row_photos(photos, settings), processes or cores())


def count_rows(holders: Path) -> int:
    """Return how many lines a table has below its header: rows, and perhaps some empty lines."""
    with holders.open("rb") as file:
        return max(0, sum(1 for _ in bounded_lines(file)) - 1)
