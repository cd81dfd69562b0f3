"""What a story of a fault has: a town, a desk behind a line, a good card and a blocked one."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from cardservice.accounts.roles import Role
from cardservice.desk.freshness import Topic
from cardservice.domain.verdict import Outcome
from cardservice.home.desk import desk_home, leave
from cardservice.home.status_lists_signer import open_list_signer, renew_list_signer
from cardservice.pki.status_list_tokens import StatusListSigner
from tests.simulated.clinic.desks import DeskAt, Place
from tests.simulated.clinic.door import PATIENCE_S
from tests.simulated.clinic.town import API, HeldCard, Town, problem
from tests.simulated.clinic_faults.line import Lie, Line
from tests.unit.home.homes import Premises, new_premises

TIME, TRUST, LIST = f"{API}/time", f"{API}/trust", "/statuslists/1.cwt"
TOPICS = {TIME: Topic.TIME, TRUST: Topic.TRUST, LIST: Topic.LISTS}


@dataclass
class Stage:
    """A town in trouble.

    Attributes:
        good, blocked: cards that the desk knows so when a story begins.
        codes: what was shown or answered while it was in trouble.
    """

    path: Path
    town: Town
    line: Line
    place: Place
    desk: DeskAt
    good: HeldCard
    blocked: HeldCard
    power: ExitStack
    codes: set[str] = field(default_factory=set)

    def lie(self, path: str, lie: Lie) -> None:
        """Let an answer be changed, see what the desk says of it, and that it lets nobody in."""
        self.line.lies = {path: lie}
        code = self.desk.fetch(TOPICS[path])
        assert code is not None, "it was believed"
        self.codes.add(code)
        self.expect_nobody_let_in()

    def enrol_again(self) -> None:
        """Let the desk forget everything, and enrol with a new code at its clinic."""
        self.power.close()
        leave(desk_home(self.place.settings))
        (known,) = self.town.ask(Role.CLERK, "GET", "/clinic-desks").json()["items"]
        self.place.enrol(self.town.code(UUID(known["organisation_id"]), "Окно 2"))
        self.desk = self.power.enter_context(self.place.at_work())

    def expect_nobody_let_in(self) -> None:
        """Lay the blocked card on the reader."""
        assert self.desk.tap(self.blocked.software).outcome is not Outcome.VALID

    def expect_all_well(self) -> None:
        """Let everything be as before: nothing of a fault stays."""
        self.line.mend()
        assert self.desk.refresh() == set()
        assert self.desk.tap(self.good.software).outcome is Outcome.VALID
        assert self.desk.tap(self.blocked.software).outcome is Outcome.INVALID
        assert self.desk.report().refused == 0
        assert self.desk.waiting == 0

    def post(self, path: str, sent: Any, **more: Any) -> httpx.Response:
        """Return what the service answers a clinic's system that has the desk's rights."""
        bearer = {"Authorization": f"Bearer {self.desk.token()}"}
        body = {"content": sent} if isinstance(sent, bytes) else {"json": sent}
        address = f"{self.town.door.address}{API}{path}"
        return httpx.post(address, headers=bearer, timeout=PATIENCE_S, **body, **more)

    def refused(self, answer: httpx.Response, status: int) -> None:
        """Expect a refusal and note its code."""
        assert answer.status_code == status, answer.text
        self.codes.add(problem(answer))


@dataclass(frozen=True, slots=True)
class Stranger:
    """Another issuer, with keys of its own."""

    premises: Premises
    signer: StatusListSigner


def stranger(stage: Stage) -> Stranger:
    """Return an issuer that no desk of the town trusts."""
    at = stage.town.clock()
    premises = new_premises(stage.path / "stranger", at=at)
    renew_list_signer(premises.folder, premises.keys, entropy=bytes_of, at=at)
    return Stranger(premises, open_list_signer(premises.folder, premises.keys))


def bytes_of(count: int) -> bytes:
    """Return octets that look drawn."""
    return bytes((7 * one + 1) % 256 for one in range(count))


@contextmanager
def stage_of(town: Town, line: Line, path: Path) -> Iterator[Stage]:
    """Lend a stage whose desk is fresh."""
    place = Place(town, path / "desk", whole_s=1.0)
    place.enrol(town.code(town.clinic()))
    good, blocked = town.good_card(), town.good_card()
    town.end_card(blocked, "block", "mislaid")
    town.publish()
    with ExitStack() as power:
        desk = power.enter_context(place.at_work())
        assert desk.refresh() == set()
        yield Stage(path, town, line, place, desk, good, blocked, power)
