"""A process that does the office's work as fast as it can, made to be killed.

Run as a program it waits for lines of input; at each it forks a process, which says its number
when it is at work. So a life begins in milliseconds, and can be cut off at any moment.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from subprocess import PIPE, Popen
from typing import Final
from uuid import UUID

from cardservice.domain.application import Application
from cardservice.domain.documents import DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.home.office_ids import new_id
from cardservice.keystores.software_keys import AesKey
from cardservice.notifying.http import HttpTerms
from cardservice.notifying.smtp import SmtpRelay, SmtpSender
from cardservice.notifying.templates import render
from cardservice.notifying.webhook import WebhookSender
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.applications_approving import ApproveApplication, approve
from cardservice.registry.applications_deciding import (
    AskForDocuments,
    RefuseApplication,
    ask_for_documents,
    refuse,
)
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.applications_submitting import SubmitApplication, submit
from cardservice.registry.commands import Answer
from cardservice.registry.frame import Act, Office, OfficeSettings
from cardservice.registry.outbox import Outbox
from cardservice.registry.outbox_sealing import KeyStoreSealer
from cardservice.registry.outbox_values import Notice, NoticeChannel, Template
from cardservice.storage.engine import Database, open_database
from cardservice.storage.stores.outbox import DatabaseOutbox
from tests.registry.forms import draft, person
from tests.registry.offices import REGION
from tests.shared import ROOT

WEBHOOK_SECRET: Final = bytes(range(32))
ANNOUNCE: Final = "event.announce"
CLERK: Final = Actor(UUID(int=0xC1), Role.CLERK)
APPROVER: Final = Actor(UUID(int=0xA9), Role.APPROVER)
FILING: Final = 2  # threads that file applications
SENDING_S: Final = 60.0
_SEALING: Final = bytes(32)
_KEY_OCTETS: Final = 9
_LETTERS: Final = "абвгдежзиклмнопр"
_DAYS: Final = 18_000  # of birth
_FIRST_BORN: Final = date(1945, 1, 1)


@dataclass(frozen=True, slots=True)
class Receivers:
    """Where letters and events go, both on this machine."""

    mail_port: int
    hook: str


def office_over(database: Database) -> Office:
    """Return an office with the real clock, chance and words."""
    return Office(
        database=database,
        clock=lambda: datetime.now(UTC),
        new_id=new_id,
        draw=os.urandom,
        sealer=KeyStoreSealer(AesKey(_SEALING)),
        render=render,
        settings=OfficeSettings(draws_policy_numbers=True),
    )


def outbox_of(office: Office, receivers: Receivers, *, ahead: timedelta = timedelta(0)) -> Outbox:
    """Return the outbox with its ways out; its clock may go ahead."""
    relay = SmtpRelay(
        host="127.0.0.1",
        port=receivers.mail_port,
        sender="office@example.org",
        domain="example.org",
    )
    terms = HttpTerms(allow_private=True, allow_plain=True)
    hook = WebhookSender(secret_for=lambda _: WEBHOOK_SECRET, clock=office.clock, terms=terms)
    return Outbox(
        store=DatabaseOutbox(office.database),  # type: ignore[arg-type]
        sealer=office.sealer,
        clock=lambda: office.clock() + ahead,
        dice=os.urandom,
        new_id=new_id,
        render=render,
        senders={NoticeChannel.EMAIL: SmtpSender(relay), NoticeChannel.WEBHOOK: hook},
    )


@contextmanager
def lives(url: str, receivers: Receivers) -> "Iterator[Popen[str]]":
    """Lend the program that forks a working process at each line."""
    command = [sys.executable, "-m", "tests.storage.killing", url]
    command += [str(receivers.mail_port), receivers.hook]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as program:
        try:
            yield program
        finally:
            assert program.stdin is not None
            program.stdin.close()


def begin_life(program: "Popen[str]") -> int:
    """Return the number of a process that began to work."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("live\n")
    program.stdin.flush()
    return int(program.stdout.readline())


def _work(url: str, receivers: Receivers) -> None:
    with open_database(url) as database:
        office = office_over(database)
        _file_and_decide(office, receivers)
        # Only now: a machine with much to do would else kill nothing but processes that begin.
        os.write(sys.stdout.fileno(), b"%d\n" % os.getpid())
        for _ in range(FILING):
            threading.Thread(target=_file_on_and_on, args=(office, receivers), daemon=True).start()
        outbox = outbox_of(office, receivers)
        while True:
            outbox.deliver_due(budget_s=SENDING_S)


def _file_on_and_on(office: Office, receivers: Receivers) -> None:
    while True:
        try:
            _file_and_decide(office, receivers)
        except Refusal as refusal:
            # Two threads may want one number or one lock; that is refused, and nothing is kept.
            if refusal.code not in {"database-busy", "enp-taken", "duplicate"}:
                raise


def _file_and_decide(office: Office, receivers: Receivers) -> None:
    begun = start_draft(
        office, CLERK, StartDraft(region=REGION, key=_key(), form=draft_form(_form()))
    )
    shown = AttachDocument(
        region=REGION,
        key=_key(),
        application_id=begun.id,
        version=begun.version,
        kind=DocumentType.PASSPORT_RF,
        scan=Scan(content_hash=os.urandom(32), wrapped_key=b"", media_type="image/png", size=1),
    )
    attached = attach_document(office, CLERK, shown)
    wanted = SubmitApplication(
        region=REGION, key=_key(), application_id=begun.id, version=attached.version
    )
    filed = submit(office, CLERK, wanted)
    decision = os.urandom(1)[0] % 4
    if decision == 0:
        no = RefuseApplication(
            region=REGION,
            key=_key(),
            application_id=filed.id,
            version=filed.version,
            words="Нет права.",
        )
        refuse(office, APPROVER, no)
    elif decision == 1:
        ask = AskForDocuments(
            region=REGION,
            key=_key(),
            application_id=filed.id,
            version=filed.version,
            words="Нужна копия.",
        )
        ask_for_documents(office, CLERK, ask)
    else:
        yes = ApproveApplication(
            region=REGION,
            key=_key(),
            application_id=filed.id,
            version=filed.version,
            new_person=True,
        )
        approve(office, APPROVER, yes)
    _announce(office, filed, receivers.hook)


def _announce(office: Office, filed: Answer, hook: str) -> None:
    """Tell a program of the application, and record that, in one transaction."""
    notice = Notice(
        channel=NoticeChannel.WEBHOOK,
        template=Template.REFUSED,
        language="ru",
        recipient=hook,
        parameters={"application": filed.number or ""},
    )

    def do(act: Act) -> None:
        outbox = Outbox(
            store=act.work.notifications,
            sealer=office.sealer,
            clock=office.clock,
            dice=os.urandom,
            new_id=new_id,
            render=render,
            senders={},
        )
        outbox.put(REGION, notice)
        act.record(ANNOUNCE, "application", filed.id)

    office.run(SERVICE, REGION, do)


def _key() -> str:
    return os.urandom(_KEY_OCTETS).hex()


def _form() -> Application:
    """Return an application of somebody who has not applied before."""
    chance = int.from_bytes(os.urandom(8))
    name = "".join(_LETTERS[chance >> 4 * place & 15] for place in range(10))
    whose = replace(
        person(),
        surname=name.capitalize(),
        birth_date=_FIRST_BORN + timedelta(days=chance % _DAYS),
        snils=_snils(chance % 900_000_000 + 10_000_000),
        email=f"person{chance}@example.org",
    )
    passport = replace(draft().documents[0], issued_on=date(2025, 3, 1), scan=None)
    return draft(person=whose, documents=(passport,), photo=None)


def _snils(number: int) -> str:
    digits = f"{number:09}"
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits))
    check = total % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {check:02}"


def _main() -> None:
    url, mail_port, hook = sys.argv[1:]
    receivers = Receivers(int(mail_port), hook)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _work(url, receivers)
        os.waitpid(child, 0)


if __name__ == "__main__":
    _main()
