"""How an enrolled desk stands by its files alone: no key, no service, nothing changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cardservice.desk.kept import restore
from cardservice.desk.knowledge import Knowledge
from cardservice.desk.proven_time import ProvenTime
from cardservice.domain.proven_time import TimeGrade
from cardservice.errors import Refusal
from cardservice.home.desk import DeskEnrolment, DeskHome
from cardservice.home.desk_kept import DeskFiles, FileNote
from cardservice.home.desk_queue import count_waiting
from cardservice.home.desk_time import monotonic, wall
from cardservice.home.desk_troubles import not_linked
from cardservice.home.enrolment import installed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOverview:
    """What the files say.

    Attributes:
        until: last day of the certificate; None: there is none that can be read.
        grade: how the desk would know its time, started now.
        proved_at: when the service last signed the time, as far as that was kept.
        trust: when whom to trust was signed.
        lists: number → when it was signed; None: it is missing.
        waiting: presentations not reported.
        troubles: codes.
    """

    until: date | None
    grade: TimeGrade
    proved_at: datetime | None
    trust: datetime | None
    lists: Mapping[int, datetime | None]
    waiting: int
    troubles: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether cards could be judged by what is here."""
        return not self.troubles


def overview_of(home: DeskHome, enrolment: DeskEnrolment, *, production: bool) -> DeskOverview:
    """Return how the desk stands; raises nothing for a file that is damaged."""
    notes: list[FileNote] = []
    files = DeskFiles(home.kept, note=notes.append)
    bound = files.bound()
    clock = ProvenTime(monotonic=monotonic, wall=wall, kept=bound)
    knowledge = Knowledge(enrolment.roots, production=production, moments=clock.now)
    left_aside = restore(files, knowledge, clock)
    held = {number: knowledge.held_list(number) for number in knowledge.wanted_lists()}
    until, faults = _until(home), [one.code for one in left_aside] + [one.code for one in notes]
    if until is None:
        faults.append("not-enrolled")
    elif until < clock.now().at.date():
        faults.append("enrolment-expired")
    faults += not_linked(knowledge)
    if knowledge.trust is None:
        faults.append("trust-missing")
    if not held or None in held.values():
        faults.append("list-missing")
    return DeskOverview(
        until=until,
        grade=clock.now().grade,
        proved_at=None if bound is None else bound.proved_at,
        trust=None if knowledge.trust is None else knowledge.trust.issued,
        lists={n: None if one is None else one.verified.issued for n, one in held.items()},
        waiting=count_waiting(home.queue),
        troubles=tuple(dict.fromkeys(faults)),
    )


def _until(home: DeskHome) -> date | None:
    try:
        bundle = installed(home.folder)
    except Refusal:
        return None
    return None if bundle is None else bundle.terminal.expiration
