"""The service is down, slow, or lies: each of its answers is judged, and none lets anybody in."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Final

from cardservice.domain.verdict import Outcome
from cardservice.home.folder import read_whole
from cardservice.pki.service_tokens import TrustClaims, sign_time, sign_trust
from cardservice.pki.status_list import CARD_BITS, StatusArray, compress
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_tokens import TokenForm
from tests.simulated.clinic.town import PLACES
from tests.simulated.clinic_faults.line import Lie, Line, Said
from tests.simulated.clinic_faults.stage import LIST, TIME, TRUST, Stage, stranger

HELD: Final = timedelta(hours=96)
BY_RULE: Final = timedelta(hours=72)
UNSIGNED: Final = "e30.e30.e30"


def down(stage: Stage) -> None:
    """Nobody answers; what the desk knows decides."""
    stage.town.door.shut()
    stage.codes |= stage.desk.refresh()
    assert stage.desk.tap(stage.good.software).outcome is Outcome.VALID
    stage.expect_nobody_let_in()
    stage.town.open_service()


def slow(stage: Stage) -> None:
    """The answers come when nobody waits for them; no card waits for them either."""

    def wait(line: Line, said: Said) -> Said:
        line.mended.wait(stage.place.whole_s * 2)
        return said

    for path in (TIME, TRUST, LIST):
        stage.lie(path, wait)
    assert stage.desk.tap(stage.good.software).outcome is Outcome.VALID


def old_list(stage: Stage) -> None:
    """A list comes that was good before the card was blocked."""
    earlier = stage.line.ask("GET", LIST, {}, b"")
    stage.town.end_card(stage.good, "block", "mislaid")
    stage.town.publish()
    assert stage.desk.refresh() == set()
    stage.lie(
        LIST,
        lambda _, said: replace(
            said, status=200, body=earlier.body, headers=said.headers | earlier.headers
        ),
    )
    stage.desk.at_work.reach.lose()
    assert stage.desk.tap(stage.good.software).outcome is Outcome.INVALID
    stage.good = stage.town.good_card()
    stage.town.publish()


def list_of_another_key(stage: Stage) -> None:
    """All cards are good, says a list that another issuer signed."""
    at = stage.town.clock().replace(microsecond=0)
    claims = StatusListClaims(
        uri=f"{stage.town.service}/statuslists/1",
        issued=at,
        expires=at + HELD,
        ttl=timedelta(minutes=30),
        bits=CARD_BITS,
        lst=compress(StatusArray(PLACES).frozen()),
    )
    stage.lie(LIST, answered(stranger(stage).signer.sign(claims, TokenForm.CWT)))


def revocations_of_another_authority(stage: Stage) -> None:
    """The trust that comes is signed as it should be; its list of revocations is a stranger's."""
    folder = stage.town.home.folder
    begin = stage.town.clock().replace(microsecond=0)
    claims = TrustClaims(
        issued=begin,
        expires=begin + HELD,
        roots=(read_whole(folder.root),),
        revocations=(read_whole(stranger(stage).premises.folder.revocations),),
        lists={1: f"{stage.town.service}/statuslists/1"},
    )
    kept = stage.desk.at_work.knowledge.trust
    stage.lie(TRUST, told("trust", sign_trust(stage.town.home.signer.signer(), claims)))
    assert stage.desk.at_work.knowledge.trust is kept
    stage.town.clock.go(minutes=10)


def time_in_the_past(stage: Stage) -> None:
    """The time that is signed has passed long ago: nothing becomes younger by it."""
    stage.town.clock.go(hours=1)
    before = stage.desk.at_work.time.now().at
    stage.lie(TIME, _time(stage, -timedelta(minutes=45)))
    assert stage.desk.at_work.time.now().at >= before


def time_in_the_future(stage: Stage) -> None:
    """A time to come makes what is known too old: no card is good by it."""
    stage.line.lies = {TIME: _time(stage, BY_RULE + timedelta(hours=2))}
    assert stage.desk.refresh() == set()
    stage.town.door.shut()
    stage.desk.at_work.reach.lose()
    for card in (stage.good, stage.blocked):
        assert stage.desk.tap(card.software).outcome is not Outcome.VALID
    stage.town.open_service()
    stage.line.mend()
    stage.codes |= stage.desk.refresh()
    stage.enrol_again()  # as docs/offline.md says: the true time is before what the desk believes


def unsigned(stage: Stage) -> None:
    """Answers come that nobody signed, or whose signature was taken off."""
    stage.lie(TIME, told("time", UNSIGNED))
    stage.lie(TRUST, told("trust", UNSIGNED))
    stage.lie(LIST, answered(b"\xd2\x84\x40\xa0\x40\x40"))
    for path, member in ((TIME, "time"), (TRUST, "trust")):
        stage.town.clock.go(minutes=10)
        stage.lie(path, _without_signature(member))


def _time(stage: Stage, shift: timedelta) -> Lie:
    def lie(_: Line, said: Said) -> Said:
        nonce, at = json.loads(said.question)["nonce"], stage.town.clock() + shift
        token = sign_time(stage.town.home.signer.signer(), nonce=nonce, at=at)
        return replace(said, body=json.dumps({"time": token}).encode())

    return lie


def _without_signature(member: str) -> Lie:
    def lie(_: Line, said: Said) -> Said:
        token = json.loads(said.body)[member].rpartition(".")[0] + "." + "A" * 86
        return replace(said, body=json.dumps({member: token}).encode())

    return lie


def told(member: str, token: str) -> Lie:
    """Return the lie that is another token."""
    body = json.dumps({member: token}).encode()
    kind = {"Content-Type": "application/json"}
    return lambda _, said: replace(said, status=200, body=body, headers=kind)


def answered(octets: bytes) -> Lie:
    """Return the lie that is another list."""
    kind = {"Content-Type": "application/statuslist+cwt"}
    return lambda _, said: replace(said, status=200, body=octets, headers=kind)
