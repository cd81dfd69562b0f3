"""Faults on the way to the office: it answers late, twice or wrongly while cards are made."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from cardservice.accounts.roles import Role
from cardservice.domain.lives import OrderState
from cardservice.home.issuer import utc_now
from cardservice.officelink.terms import OfficeTerms
from cardservice.personalization.floor import Floor
from tests.office_world import World, served
from tests.registry import stations_world as office
from tests.simulated.station_faults.line import Line, Trouble
from tests.simulated.station_faults.stage import Stage
from tests.simulated.station_floor.stations import until
from tests.simulated.station_sources.stage import order_to_make
from tests.unit.web_api.cards.stage import program_of

WAIT_S: Final = 1.0  # a real station waits fifteen times as long for an answer
AGAIN_S: Final = 0.05  # and asks again after ten seconds
BLANKS: Final = 77
MADE: Final = "order.personalize"


@dataclass(frozen=True, slots=True)
class OfficeRegister:
    """The office, as it is counted at the end."""

    world: World

    def numbers(self) -> Sequence[int]:
        """Return the number of the card of each order that the office took as made."""
        desk = self.world.desk
        facts = [one.fact for one in desk.audit() if one.fact.action == MADE]
        orders = [office.order_now(desk, UUID(str(fact.subject_id))) for fact in facts]
        assert {one.state for one in orders} <= {OrderState.PERSONALIZED}
        stock = office.stock(desk)
        assert (stock.issued, stock.difference) == (len(facts), 0)
        return [office.card_now(desk, one.card_id).number for one in orders if one.card_id]


def answers_late(stage: Stage) -> None:
    """Answers come when nobody waits for them any more; the office has heard everything."""
    _trouble(stage, Trouble.LATE, "registry-late")


def answers_wrongly(stage: Stage) -> None:
    """Somebody else answers at the office's address."""
    _trouble(stage, Trouble.WRONG, "registry-wrong")


def answers_twice(stage: Stage) -> None:
    """Everything that is sent arrives twice, and is answered twice."""
    with _served(stage) as line:
        line.trouble = Trouble.TWICE
        with stage.running() as floor:
            until(lambda: _world(stage).desk.actions().count(MADE) == stage.rows)
            assert line.commands >= 2 * stage.rows
            _end(floor)


def _trouble(stage: Stage, trouble: Trouble, code: str) -> None:
    """Let the line be in trouble at the leases, and again while the cards are made."""
    with _served(stage) as line:
        line.trouble = trouble
        with stage.running() as floor:
            floor.pause()
            until(lambda: floor.view.source_code == code)
            line.mend()
            until(lambda: floor.counts.in_hand == stage.rows)
            line.break_again(trouble)
            floor.resume()
            until(lambda: floor.view.untold == stage.rows and floor.view.source_code == code)
            line.mend()
            until(lambda: floor.view.untold == 0)
            _end(floor)


@contextmanager
def _served(stage: Stage) -> Iterator[Line]:
    """Lend the line to an office that has as many orders as the stage has rows."""
    world = _world(stage)
    world.desk.clock.now = utc_now()
    program, actor = program_of(world, Role.STATION)
    office.new_blanks(world.desk, BLANKS, station=actor)
    for _ in range(stage.rows):
        order_to_make(world)
    with served(world) as address, Line(address).served() as line:
        _ask_over(stage, line, program.bearer)
        yield line


def _ask_over(stage: Stage, line: Line, token: str) -> None:
    """Let the station ask over the line, and be less patient than a real one."""
    file = stage.path / "token"
    file.touch(mode=0o600)
    file.write_text(token)
    stage.change(station_office=line.address, station_token_file=file)
    stage.register, stage.limit = OfficeRegister(_world(stage)), stage.rows
    terms = partial(OfficeTerms, whole_s=WAIT_S)
    stage.monkeypatch.setattr("cardservice.home.station_sources.OfficeTerms", terms)
    for place in ("floor_supply", "floor_telling"):
        stage.monkeypatch.setattr(f"cardservice.personalization.{place}.RETRY_S", AGAIN_S)
    stage.machine(stage.rows)
    stage.machine(stage.rows)


def _end(floor: Floor) -> None:
    until(lambda: floor.view.source_code == "")
    floor.finish()
    until(lambda: not floor.counts.in_hand)


def _world(stage: Stage) -> World:
    assert stage.world is not None
    return stage.world
