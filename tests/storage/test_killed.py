"""Killed at any moment while it works: nothing is half done, lost, or told twice in silence."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from typing import Final

import pytest

from cardservice.domain.lives import ApplicationState
from cardservice.notifying.webhook import verify_webhook
from cardservice.registry.applications import draft_of
from cardservice.registry.audit_verifying import verify_chain
from cardservice.registry.outbox_values import NoticeState
from cardservice.registry.ports_applications import Application
from cardservice.storage.engine import Database, open_database
from cardservice.storage.paging import Ask
from cardservice.storage.work import Work
from tests.registry.offices import REGION
from tests.simulated.notifying.receivers import MailServer, WebServer, listening
from tests.storage.killing import (
    ANNOUNCE,
    WEBHOOK_SECRET,
    Receivers,
    begin_life,
    lives,
    office_over,
    outbox_of,
)

LIVES: Final = 25  # on each kind of database
SHORTEST_S: Final = 0.01
STEP_S: Final = 0.04
STEPS: Final = 9
TELLING: Final = {"application.approve", "application.refuse", "application.ask-for-documents"}
AN_HOUR: Final = timedelta(hours=1)
PAGE: Final = 200


@dataclass(slots=True)
class World:
    """The database, who receives, and which applications were looked at in which version."""

    database: Database
    receivers: Receivers
    mail: MailServer
    web: WebServer
    seen: dict[object, int] = field(default_factory=dict)

    def letters(self) -> "Counter[str]":
        """Return how often each letter came, by the id in its Message-ID."""
        names = (message_from_bytes(one)["Message-ID"] for one in self.mail.letters)
        return Counter(name.removeprefix("<").partition("@")[0] for name in names)

    def events(self) -> "Counter[str]":
        """Return how often each event came whole, by its id; each is signed."""
        now = office_over(self.database).clock()
        whole = (
            (headers, body)
            for _, headers, body in self.web.requests
            if len(body) == int(headers.get("content-length", -1))
        )
        return Counter(
            verify_webhook(headers, body, secret=WEBHOOK_SECRET, now=now) for headers, body in whole
        )


@contextmanager
def world(url: str) -> Iterator[World]:
    mail, web = MailServer(), WebServer()
    with ExitStack() as stack:
        receivers = Receivers(
            stack.enter_context(listening(mail)),
            f"http://127.0.0.1:{stack.enter_context(listening(web))}/events",
        )
        yield World(stack.enter_context(open_database(url)), receivers, mail, web)


def applications(work: Work) -> Iterator[Application]:
    for state in ApplicationState:
        ask: Ask | None = Ask(limit=PAGE)
        while ask is not None:
            page = work.applications.queue(REGION, state.value, ask)
            yield from page.rows
            ask = None if page.after is None else Ask(limit=PAGE, after=page.after)


def faults(work: Work, one: Application) -> Iterator[str]:
    """Yield in which way an application is half done."""
    about = [entry.fact for entry in work.audit.about(REGION, str(one.id))]
    changes = [fact for fact in about if fact.action.startswith("application.")]
    documents = work.documents.of_application(REGION, one.id)
    logged = [entry for each in documents for entry in work.audit.about(REGION, str(each.id))]
    if len(changes) + len(logged) != one.version:
        yield f"version {one.version}, {len(changes)} and {len(logged)} entries in the log"
    named = {each.scan for each in draft_of(one).documents if each.scan}
    if named != {str(each.id) for each in documents}:
        yield "the form names other documents than there are"
    if not changes or changes[-1].details.get("state", "draft") != one.state:
        yield f"state {one.state} is not the one in the log"
    told = sum(fact.action in TELLING or fact.action == ANNOUNCE for fact in about)
    if len(work.notifications.about(REGION, [one.number])) != told:
        yield f"{told} notifications should have been kept"
    yield from of_decision(work, one)


def of_decision(work: Work, one: Application) -> Iterator[str]:
    orders = work.orders.of_application(REGION, one.id)
    certificates = work.certificates.of_application(REGION, one.id)
    if one.state != ApplicationState.APPROVED:
        if orders or certificates or one.person_id:
            yield "something was made before the approval"
        return
    if len(orders) != 1 or len(certificates) != 1 or one.person_id is None:
        yield "an approved application lacks its order, certificate or person"
        return
    policies = work.policies.of_person(REGION, one.person_id)
    if [policy.id for policy in policies] != [orders[0].policy_id]:
        yield "the order is for another policy"
    if not all(work.insurers.of_policy(REGION, policy.id) for policy in policies):
        yield "a policy has no insurer"


def look(world: World) -> list[str]:
    """Return what is half done among the applications that changed since the last look."""
    found = []
    with world.database.reading() as work:
        for one in applications(work):
            if world.seen.get(one.id) != one.version:
                found += list(faults(work, one))
                world.seen[one.id] = one.version
    return found


def kill_again_and_again(world: World, url: str) -> None:
    with lives(url, world.receivers) as program:
        for life in range(LIVES):
            process = begin_life(program)
            time.sleep(SHORTEST_S + STEP_S * (life * 4 % STEPS))
            os.kill(process, signal.SIGKILL)
            assert look(world) == []


def deliver_all(world: World) -> None:
    """Send what is due an hour later, when every attempt that was begun must have ended."""
    outbox = outbox_of(office_over(world.database), world.receivers, ahead=AN_HOUR)
    while outbox.recover() or outbox.deliver_due(budget_s=60):
        pass


def by_state(world: World) -> dict[NoticeState, set[str]]:
    found: dict[NoticeState, set[str]] = {}
    with world.database.reading() as work:
        for state in NoticeState:
            ask: Ask | None = Ask(limit=PAGE)
            while ask is not None:
                page = work.notifications.in_state(REGION, state.value, ask)
                found.setdefault(state, set()).update(str(one.id) for one in page.rows)
                ask = None if page.after is None else Ask(limit=PAGE, after=page.after)
    return found


def resend_unknown(world: World) -> None:
    """Do what a person does who is shown them."""
    outbox = outbox_of(office_over(world.database), world.receivers, ahead=AN_HOUR)
    with world.database.reading() as work:
        unknown = work.notifications.in_state(REGION, NoticeState.UNKNOWN.value, Ask(limit=PAGE))
    for one in unknown.rows:
        outbox.resend(one.region, one.id, version=one.version)


@pytest.mark.timeout(90)
def test_a_service_killed_at_any_moment_leaves_nothing_half_done_lost_or_told_twice(
    address: str,
) -> None:
    with world(address) as place:
        kill_again_and_again(place, address)
        assert len(place.seen) > LIVES

        deliver_all(place)
        states, received = by_state(place), place.letters() + place.events()
        unknown = states.pop(NoticeState.UNKNOWN)
        assert {state for state, ids in states.items() if ids} == {NoticeState.SENT}
        assert set(received.values()) == {1}
        assert states[NoticeState.SENT] <= set(received)
        assert set(received) <= states[NoticeState.SENT] | unknown

        deliver_all(place)
        assert place.letters() + place.events() == received

        resend_unknown(place)
        deliver_all(place)
        again = place.letters() + place.events()
        assert set(again) == states[NoticeState.SENT] | unknown
        assert set(again - received) == unknown

        with place.database.reading() as work:
            log = verify_chain(work.audit.entries(REGION), (), {}, region=REGION)
        assert log.entries > len(place.seen)
