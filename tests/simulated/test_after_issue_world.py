"""A station that works on cards their holders have, and can be killed; for tests."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Ogrn, Okato
from cardservice.domain.verdict import Outcome
from cardservice.errors import CardRemovedError, Refusal
from cardservice.personalization.after_issue import AfterIssue, Served
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import ServiceEntry
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery import Recovery, recover
from cardservice.pki.trust import TrustStore
from cardservice.storage.journal_file import JournalFile
from cardservice.storage.journal_file_reading import kept_entries
from cardservice.verify.examination import Examination
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from cardservice.verify.ports import PolicyRegister, PresentedCard
from simulators.card import SoftwareCard, image
from simulators.card.files import insurer_file
from simulators.card.tampering import copy_of
from tests.chain import (
    LIST_NUMBER,
    NOW,
    REGION,
    SIGNED,
    StandingClock,
    TrustingRegister,
    issued_card,
    issuer,
    link_to,
    new_ephemeral,
)
from tests.simulated.test_station_crash_world import (
    NO_FAULT,
    NO_WAITING,
    WRITES,
    DyingJournal,
    DyingLink,
    Fault,
    Killed,
    cell,
)

SERVED: Final = SIGNED + timedelta(days=1)
NUMBER: Final = LIST_NUMBER << 32 | 7
OLD_ID: Final = 0x0301
INSURANCE: Final = InsurancePeriod(
    ogrn=Ogrn("1027700000008"), okato=Okato(REGION), start_date=date(2026, 11, 1)
)
HELD: Final = (Work.CHANGE_INSURER, Work.NEW_PIN, Work.NEW_CAN, Work.UNBLOCK_PIN, Work.TERMINATE)
CHOSEN_PIN: Final = "90817"


def new_scalar(order: int) -> int:
    return 1 + secrets.randbelow(order - 1)


def clinic(
    register: PolicyRegister | None = None, *, trust: TrustStore | None = None
) -> CardExaminer:
    """Return what reads as a clinic does, with a CAN too."""
    now = SERVED if register is None else NOW
    judge = Judge(trust or issuer().trust(), register=register, clock=lambda: now, region=REGION)
    return CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar)


def after_issue(
    journal: LaneJournal,
    clock: StandingClock | None = None,
    *,
    examiner: CardExaminer | None = None,
    preflight: Callable[[], None] = lambda: None,
) -> AfterIssue:
    return AfterIssue(
        issuer().keys,
        examiner=examiner or clinic(),
        preflight=preflight,
        entropy=secrets.token_bytes,
        clock=clock or StandingClock(SERVED),
        journal=journal,
        new_ephemeral=new_ephemeral,
        new_scalar=new_scalar,
    )


def a_job(work: Work, *, order_id: str = "order-a", number: int = NUMBER) -> Job:
    insurance = INSURANCE if work is Work.CHANGE_INSURER else None
    return Job(order_id=order_id, work=work, card_number=number, insurance=insurance)


def held_card() -> SoftwareCard:
    """Return a card in its holder's hands: another in each test, of one issuing."""
    return copy_of(issued_card().card)


def holder() -> HolderSecrets:
    """Return what the holder of ``held_card`` got on paper."""
    return issued_card().made.secrets


def typed(*, can: str | None = None) -> HolderInput:
    """Return what the holder types, for any work."""
    known = holder()
    return HolderInput(pin=known.pin, puk=known.puk, new_pin=CHOSEN_PIN, can=can)


def insurer_cell(card: SoftwareCard, file_id: int) -> bytes | None:
    file = insurer_file(file_id)
    assert file is not None
    return card.memory.get(file.cell)


def pointer_of(card: SoftwareCard) -> int:
    return int.from_bytes(cell(card, image.POINTER))


def code_on(card: SoftwareCard, name: str) -> str:
    return cell(card, name).rstrip(b"\xff").decode()


def at_a_clinic(card: SoftwareCard) -> Examination:
    return clinic(TrustingRegister()).examine(link_to(card))


def is_good(card: SoftwareCard) -> bool:
    verdict = at_a_clinic(card).verdict
    return verdict is not None and verdict.outcome is Outcome.VALID


@dataclass
class ServiceWorld:
    """One station's disk, over its lives; ``served`` of the last attempt."""

    path: Path
    clock: StandingClock = field(default_factory=lambda: StandingClock(SERVED))
    entries: int = 0
    calls: int = 0
    served: Served | None = None
    meddle: Callable[[PresentedCard], PresentedCard] = lambda link: link

    def attempt(
        self,
        card: SoftwareCard,
        job: Job,
        fault: Fault = NO_FAULT,
        given: HolderInput | None = None,
    ) -> str:
        """Start a station, let it do the job, end it; return what came of it, a word."""
        file = JournalFile(self.path, clock=lambda: NOW, disk=NO_WAITING)
        journal, self.served = DyingJournal(file, self.path, fault), None
        link = DyingLink(link_to(card), fault)
        if fault.kind in WRITES:
            card.memory.cut_power_at(card.memory.writes + fault.at)
        try:
            ours = after_issue(StationJournal(journal), self.clock)
            self.served = ours.do(self.meddle(link), job, secrets=given or typed())
        except Killed:
            return "killed"
        except CardRemovedError:
            return "removed"
        except Refusal as refusal:
            return refusal.code
        finally:
            file.close()
            card.memory.cut_power_at(0)
            card.power_up()
            self.entries, self.calls = journal.count, link.count
            self.clock.now += timedelta(minutes=1)
        return "done"

    def recovery(self) -> Recovery:
        return recover(kept_entries(self.path))

    def services(self) -> list[ServiceEntry]:
        """Return all that the journal says of such orders, in order."""
        entries = [kept.entry for kept in kept_entries(self.path)]
        return [entry for entry in entries if isinstance(entry, ServiceEntry)]
