"""A town whose people have names of their own, and what a clinic asks its service in a day."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from cardservice.channel.flow import drive
from cardservice.desk.presentations import Substitute
from cardservice.desk.substitutes import SubstituteQuestion
from cardservice.domain.numbers import Enp, parse_enp
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.papers.statement.signed import sign_statement
from cardservice.verify.reading import read_card
from cardservice.web.clinics.fhir_parts import FHIR, systems_at
from tests.chain import link_to, new_ephemeral
from tests.registry import forms, stations_world
from tests.registry.offices import BORN, REGION
from tests.simulated.clinic.clocks import TownClock
from tests.simulated.clinic.desks import DeskAt
from tests.simulated.clinic.door import PATIENCE_S
from tests.simulated.clinic.town import API, HeldCard, Town, new_town
from tests.unit.fhir.examples import request_body
from tests.unit.papers import examples
from tests.unit.serving.whole_logs import People, people_in
from tests.unit.web_clinics.card_world import answers

OPEN: Final = (
    *(f"{API}/trust", "/statuslists/1.cwt", "/health", "/ready", "/metrics"),
    *("/problems/not-found", "/api/openapi.json"),
)
FILES: Final = ("owner", "insurer", "card_id", "iccid", "chip_security")
HOLDERS: Final = (
    {"surname": "Кречетова", "given_name": "Авдотья", "snils": "112-233-445 95"},
    {"surname": "Заболотный", "given_name": "Евстигней", "phone": "+7 900 000-63-91"},
)
"""Two whose cards are presented, named as nothing else is."""


@dataclass
class ClinicsDay:
    """The town and the cards that its people have; ``asked`` counts what programs asked."""

    town: Town
    cards: list[HeldCard]
    asked: int = 0

    @property
    def people(self) -> People:
        """Everybody in the register."""
        return people_in(self.town.home.office.database)

    def enp(self, card: HeldCard) -> Enp:
        """Return the policy's number of a card."""
        with self.town.desk.reading() as work:
            return parse_enp(work.policies.get(REGION, card.policy).enp)

    @contextmanager
    def line(self, token: str) -> Iterator[httpx.Client]:
        """Lend a line to the service for a program with a desk's token."""
        bearer = {"Authorization": f"Bearer {token}"}

        def count_one(_: httpx.Request) -> None:
            self.asked += 1

        with httpx.Client(
            base_url=self.town.service,
            headers=bearer,
            timeout=PATIENCE_S,
            event_hooks={"request": [count_one]},
        ) as found:
            yield found


@contextmanager
def clinics_day(path: Path, database: Path) -> Iterator[ClinicsDay]:
    """Lend a town whose people have names of their own, before its clinic has a desk."""
    clock, numbers, new_policy = TownClock(), count(), stations_world.new_policy

    def named(desk: Any, number: int = 1, **more: Any) -> Any:
        return new_policy(desk, number, **HOLDERS[next(numbers) % len(HOLDERS)], **more)

    with pytest.MonkeyPatch.context() as patch:
        clock.rule(patch)
        patch.setattr(stations_world, "new_policy", named)
        with new_town(path, database, clock) as town:
            cards = [town.good_card() for _ in HOLDERS]
            town.publish()
            yield ClinicsDay(town, cards)


def works_at_the_desk(day: ClinicsDay, desk: DeskAt) -> None:
    """Present each card with and without a net, and ask for substitutes."""
    assert desk.refresh() == set()
    for card in day.cards:
        assert desk.tap(card.software).outcome is Outcome.VALID
        desk.at_work.reach.lose()
        assert desk.tap(card.software).outcome is Outcome.VALID
        desk.refresh()
        for born in (BORN, BORN - timedelta(days=1)):
            question = SubstituteQuestion(
                id=uuid4(),
                enp=day.enp(card),
                birth_date=born,
                reason=Substitute.CARD_UNREADABLE,
            )
            with suppress(Refusal):
                desk.at_work.clerk_calls.ask_substitute(question)
    assert desk.report().taken == 2 * len(day.cards)
    assert desk.renew() is None


def reads_cards(day: ClinicsDay, line: httpx.Client, token: str) -> None:
    """Read each card through the service, over HTTP and over a socket; post its files."""
    for card in day.cards:
        link = link_to(card.software)
        told = line.post(f"{API}/card-sessions", json={}).json()
        first = f"{API}/card-sessions/{told['session']}"
        while "verdict" not in told:
            told = line.post(f"{first}/answers", json=answers(told, link)).json()
        given_up = line.post(f"{API}/card-sessions", json={}).json()["session"]
        line.delete(f"{API}/card-sessions/{given_up}")
        line.post(f"{first}/answers", json={"step": 1, "answers": [day.enp(card)]})
        reads_over_a_socket(day.town, token, card)
        posts_files(day.town, line, card)
        question = {"enp": day.enp(card), "card_number": f"{card.number:012x}"}
        line.post(f"{API}/status-questions", json=question)


def stream_of(town: Town, token: str) -> ClientConnection:
    """Return an open socket of a program with a token."""
    address = f"{town.service.replace('http', 'ws', 1)}{API}/card-sessions/stream"
    return connect(address, additional_headers={"Authorization": f"Bearer {token}"})


def reads_over_a_socket(town: Town, token: str, card: HeldCard) -> None:
    """Read a card to its verdict over one socket."""
    with stream_of(town, token) as stream:
        link, told = link_to(card.software), said(stream, {})
        while "verdict" not in told:
            told = said(stream, answers(told, link))


def said(stream: ClientConnection, sent: Any) -> dict[str, Any]:
    """Return the answer on a socket."""
    stream.send(sent if isinstance(sent, str) else json.dumps(sent))
    return dict(json.loads(stream.recv(PATIENCE_S)))


def posts_files(town: Town, line: httpx.Client, card: HeldCard) -> None:
    """Read a card as a clinic's own program does, and post what it gave."""
    flow = read_card(new_ephemeral, enrolment=town.home.terminal.enrolment())
    reading = drive(flow, link_to(card.software).exchange)
    octets = {name: getattr(reading.files, name) for name in FILES}
    octets["security_object"] = reading.security_object
    files = {name: b64encode(one).decode() for name, one in octets.items() if one is not None}
    assert line.post(f"{API}/card-files", json={"files": files}).json()["proved"]


def asks_fhir(day: ClinicsDay, line: httpx.Client) -> None:
    """Ask about each holder by form, by address and by resource."""
    systems = systems_at(day.town.service)
    line.get(f"{FHIR}/metadata")
    for card in day.cards:
        token = f"{systems.enp}|{day.enp(card)}"
        found = line.post(f"{FHIR}/Patient/_search", data={"identifier": token}).json()
        (entry,) = found["entry"]
        for kind, id_ in (("Patient", entry["resource"]["id"]), ("Patient", day.enp(card))):
            line.get(f"{FHIR}/{kind}/{id_}")
        line.get(f"{FHIR}/Coverage", params={"identifier": token})
        patient = {"identifier": {"system": systems.enp, "value": day.enp(card)}}
        today = day.town.desk.office.today.isoformat()
        insurer = {"identifier": {"system": systems.ogrn, "value": forms.INSURER}}
        asking = {"patient": patient, "servicedDate": today, "insurance": None, "insurer": insurer}
        for body in (request_body(**asking), {"patient": entry["resource"]}):
            line.post(f"{FHIR}/CoverageEligibilityRequest/$submit", json=body)


def shows_papers(day: ClinicsDay, line: httpx.Client) -> None:
    """Ask about a temporary certificate, and about one that nobody trusted signed."""
    app, today = day.town.door.app, day.town.desk.office.today
    app.state.clinics = replace(app.state.clinics, statement_keys=(examples.trusted(),))
    paper = examples.statement(
        surname=HOLDERS[0]["surname"],
        enp=day.enp(day.cards[0]),
        issued=today,
        valid_until=today + timedelta(days=30),
    )
    for key in (examples.key(), examples.key("forger")):
        line.post(f"{API}/statements", json={"statement": sign_statement(paper, key)})


def opens_what_is_open(line: httpx.Client) -> None:
    """Ask for what needs no token, again with what was seen before."""
    for path in OPEN:
        seen = line.get(path)
        line.get(path, headers={"If-None-Match": seen.headers.get("etag", "")})
        line.get(f"{path}/{HOLDERS[0]['surname']}")
