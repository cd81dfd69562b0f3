"""Telling the office of an outcome so that twice is once, and that a lost answer loses nothing."""

from dataclasses import dataclass

from cardservice.errors import Refusal
from cardservice.officelink.desk import KEY_REUSED, LEASE_NOT_YOURS, NOT_OURS, STALE
from cardservice.officelink.leases import FIRST_VERSION, Leases
from cardservice.officelink.reports import Report, report_of
from cardservice.personalization.jobs import Outcome


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells of outcomes; hold the lock of ``leases`` meanwhile."""

    leases: Leases

    def tell(self, outcome: Outcome) -> None:
        """Tell of an outcome; when this returns the office keeps it.

        It is told under the name it was always told under, so an office that keeps it already
        says so before it looks at leases and versions.

        Raises:
            Refusal: the office takes it from nobody, or not from us.
            SourceUnavailableError: to be told again.
        """
        lease = self.leases.book.get(outcome.order_id)
        report = report_of(outcome, None if lease is None else lease.valid_until)
        try:
            self._send(report, FIRST_VERSION if lease is None else lease.version)
        except Refusal as refusal:
            if refusal.code not in NOT_OURS | {STALE}:
                raise
            self._send_anew(outcome)

    def _send(self, report: Report, version: int) -> None:
        try:
            self.leases.desk.command(
                report.order_id, report.what, report.body, key=report.key, version=version
            )
        except Refusal as refusal:
            # It is kept under this name, told on another version.
            if refusal.code != KEY_REUSED:
                raise

    def _send_anew(self, outcome: Outcome) -> None:
        version = self._version_now(outcome)
        if version is None:
            sentence = "The order is not this station's any more: another one has it, or nobody."
            raise Refusal(LEASE_NOT_YOURS, sentence)
        lease = self.leases.book.get(outcome.order_id)
        self._send(report_of(outcome, None if lease is None else lease.valid_until), version)

    def _version_now(self, outcome: Outcome) -> int | None:
        if self.leases.seen(outcome.order_id) is None:
            if outcome.spoiled:
                return self._version_of_card(outcome)
            # Nobody took it since our lease ended: it is had once more, to be told of.
            if self.leases.again(outcome.order_id) is None:
                return None
        lease = self.leases.book.get(outcome.order_id)
        return None if lease is None else lease.version

    def _version_of_card(self, outcome: Outcome) -> int | None:
        # Another station may have made the order since: its card is not the one that is spoiled.
        try:
            return self.leases.desk.version_of_card(outcome.order_id, outcome.number)
        except Refusal:
            return None
