"""The table of jobs: leases, terms, notifications, heads of the audit log, and forgetting.

Periods and days kept are this project's own unless a source is named.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from cardservice.registry.audit import AuditLog
from cardservice.registry.cards import expire_cards
from cardservice.registry.certificates import expire_certificates
from cardservice.registry.clinics import end_left_desks
from cardservice.registry.frame import Office
from cardservice.registry.policies import expire_policies
from cardservice.registry.ports import Work
from cardservice.registry.presentations import forget_presentations
from cardservice.registry.stations import return_expired_leases
from cardservice.registry.timers import Job, TimerParts, repeated
from cardservice.registry.timers_drafts import lapse_drafts

SENDING_S: Final = 40.0  # of a minute: the last attempt may take 20 s more
KEYS_KEPT: Final = timedelta(days=30)  # who repeats a command does so within days
TRIES_KEPT: Final = timedelta(days=2)  # counters count for a day
_MINUTE: Final = timedelta(minutes=1)
_MINUTES: Final = timedelta(minutes=10)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def _each_page(do: Callable[[Office, str], int]) -> Callable[[TimerParts, str], int]:
    return lambda parts, region: repeated(lambda: do(parts.office, region))


def _deliver(parts: TimerParts, _: str) -> int:
    return len(parts.outbox.deliver_due(budget_s=SENDING_S))


def _sign_due(parts: TimerParts, region: str) -> int:
    return _sign(parts, region, only_due=True)


def sign_head(parts: TimerParts, region: str) -> int:
    """Sign the last entry of a region's log; return 1, or 0 if it has a head or is empty."""
    return _sign(parts, region, only_due=False)


def _sign(parts: TimerParts, region: str, *, only_due: bool) -> int:
    office = parts.office
    key_name, key = parts.head_key()

    def work(kept: Work) -> bool:
        log = AuditLog(kept.audit, office.clock)
        if only_due and not log.is_head_due(region):
            return False
        return log.sign_head(region, key_name=key_name, key=key) is not None

    return int(office.database.transaction(work, region=region))


def _forget_keys(parts: TimerParts, region: str) -> int:
    before = parts.office.clock() - KEYS_KEPT
    return parts.office.database.transaction(
        lambda kept: kept.commands.forget(region, before), region=region, alone=False
    )


def _forget_presentations(parts: TimerParts, region: str) -> int:
    return forget_presentations(parts.office, region)


def _forget_tries(parts: TimerParts, _: str) -> int:
    return parts.attempts.forget(parts.office.clock() - TRIES_KEPT)


def _forget_challenges(parts: TimerParts, _: str) -> int:
    return parts.challenges.forget(parts.office.clock())


def _forget_sessions(parts: TimerParts, _: str) -> int:
    return parts.sessions.prune()


JOBS: Final = (
    Job(name="outbox", every=_MINUTE, do=_deliver, everywhere=True),
    Job(name="leases", every=_MINUTE, do=_each_page(return_expired_leases)),
    Job(name="audit-heads", every=_MINUTES, do=_sign_due),
    Job(name="certificates", every=_HOUR, do=_each_page(expire_certificates)),
    Job(name="policies", every=_HOUR, do=_each_page(expire_policies)),
    Job(name="cards", every=_HOUR, do=_each_page(expire_cards)),
    Job(name="desks", every=_HOUR, do=_each_page(end_left_desks)),
    Job(name="presentations", every=_DAY, do=_forget_presentations),
    Job(name="audit-day", every=_DAY, do=sign_head),
    Job(name="drafts", every=_DAY, do=lambda parts, region: lapse_drafts(parts.office, region)),
    Job(name="scans", every=_DAY, do=lambda parts, _: parts.sweep(), everywhere=True),
    Job(name="keys", every=_DAY, do=_forget_keys),
    Job(name="tries", every=_HOUR, do=_forget_tries, everywhere=True),
    Job(name="codes", every=_HOUR, do=_forget_challenges, everywhere=True),
    Job(name="sessions", every=_HOUR, do=_forget_sessions, everywhere=True),
)

AT_CLOSING: Final = (Job(name="audit-closing", every=_DAY, do=sign_head),)
"""What is done when a process ends politely."""
