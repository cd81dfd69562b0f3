"""A desk that was told a time in the future once: it leaves, is enrolled again, and decides."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.main import cardservice
from cardservice.desk.freshness import Topic
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import Refusal
from cardservice.home.demonstration import DemonstrationCards
from cardservice.home.terminals import end_desk
from cardservice.home.terminals_register import Ground
from cardservice.texts.catalog import translations
from cardservice.texts.desk_agent import trouble_phrase
from cardservice.texts.languages import Language
from tests.simulated.desk_agent.conftest import AtWork, Place
from tests.simulated.desk_agent.service import DESK, Service, utc_now
from tests.simulated.desk_agent.test_examining import cards, shown, verdict_of

__all__ = ["cards"]

AHEAD = timedelta(hours=80)
"""Beyond the 72 hours by rule, and beyond the time for which a list holds no more."""
NEAR = timedelta(minutes=1)


@pytest.fixture
def home(place: Place, service: Service, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a desk that was enrolled, was fresh, and was then told a time to come."""
    monkeypatch.setenv("CARDSERVICE_HOME", str(place.path))
    service.list_age -= timedelta(minutes=1)  # one that is later than the card
    place.enrol()
    with place.at_work() as desk:
        assert desk.fetch_all() == [None, None, None]
        service.shift = AHEAD
        assert desk.fetch(Topic.TIME) is None
        service.shift = timedelta(0)
    return place.path


def leave(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cardservice, ["desk", "leave", *words], input=typed)


def end_at_the_service(service: Service) -> None:
    """Do what the office does: the desk is no more, and there is a new code."""
    ground = Ground(by="clerk", at=utc_now(), reason="its time is wrong")
    end_desk(service.premises.folder, DESK, ground)
    service.code_used_by = None


def outcome_offline(desk: AtWork, cards: DemonstrationCards) -> Outcome:
    desk.desk.reach.lose()
    return verdict_of(shown(desk, cards)).outcome


def test_a_desk_told_a_time_to_come_is_undecided_and_its_remedy_is_to_enrol_again(
    home: Path, place: Place, cards: DemonstrationCards
) -> None:
    with place.at_work() as desk:
        assert desk.fetch(Topic.TIME) == "time-went-back"
        verdict = verdict_of(shown(desk, cards))
        assert verdict.outcome is Outcome.UNDECIDED
        assert outcome_offline(desk, cards) is Outcome.UNDECIDED
    remedy = trouble_phrase("time-went-back").remedy or ""
    for said in (remedy, translations(Language.RU).gettext(remedy)):
        assert said.index("cardservice desk leave") < said.index("cardservice desk enrol")
    assert (home / "desk" / "time.json").exists()


def test_who_leaves_and_enrols_again_at_the_right_time_has_valid_cards_again(
    home: Path, place: Place, service: Service, cards: DemonstrationCards
) -> None:
    assert leave("--yes").exit_code == 0
    assert {one.name for one in (home / "desk").iterdir()} <= {"lock"}
    end_at_the_service(service)
    place.enrol()
    kept = json.loads((home / "desk" / "time.json").read_bytes())
    assert kept["at"] < (utc_now() + NEAR).isoformat()
    with place.at_work() as desk:
        assert desk.fetch_all() == [None, None, None]
        assert abs(desk.desk.time.now().at - utc_now()) < NEAR
        assert verdict_of(shown(desk, cards)).outcome is Outcome.VALID
        assert outcome_offline(desk, cards) is Outcome.VALID


@pytest.mark.usefixtures("home")
def test_a_restart_alone_sets_no_time_back(place: Place, cards: DemonstrationCards) -> None:
    for _ in range(2):
        with place.at_work() as desk:
            assert desk.fetch(Topic.TIME) == "time-went-back"
            assert desk.desk.time.now().at - utc_now() > AHEAD - NEAR
            assert outcome_offline(desk, cards) is Outcome.UNDECIDED


def test_who_left_without_a_new_code_has_no_desk(
    home: Path, place: Place, service: Service
) -> None:
    with pytest.raises(Refusal) as early:
        place.enrol()
    assert early.value.code == "desk-enrolled"
    assert leave("--yes").exit_code == 0
    with pytest.raises(Refusal) as working, place.at_work():
        pass
    assert working.value.code == "desk-not-enrolled"
    with pytest.raises(Refusal) as used:
        place.enrol()  # the code that it was enrolled with
    assert used.value.code == "enrolment-code-wrong"
    assert leave("--yes").exit_code == 5
    assert service.code_used_by is not None
    assert not (home / "desk" / "enrolment.json").exists()


def test_nobody_leaves_who_says_no_or_while_the_desk_is_at_work(home: Path, place: Place) -> None:
    before = {one.name: one.read_bytes() for one in (home / "desk").iterdir()}
    assert leave(typed="n\n").exit_code == 1
    with place.at_work():
        refused = leave("--yes")
    assert (refused.exit_code, "at work" in refused.output) == (5, True)
    after = {one.name: one.read_bytes() for one in (home / "desk").iterdir()}
    assert after.keys() == before.keys()
    assert after["enrolment.json"] == before["enrolment.json"]


def test_files_put_back_after_leaving_decide_nothing_offline(
    home: Path, place: Place, service: Service, cards: DemonstrationCards
) -> None:
    copy = home.with_name("copy")
    shutil.copytree(home, copy)
    assert leave("--yes").exit_code == 0
    shutil.copytree(copy, home, dirs_exist_ok=True)
    (home / "desk" / "time.json").unlink()
    service.address = "http://127.0.0.1:1"
    with place.at_work() as desk:
        moment = desk.desk.time.now()
        assert (moment.grade is TimeGrade.PROVEN, moment.since_proof) == (False, None)
        verdict = verdict_of(shown(desk, cards))
    assert (verdict.outcome, verdict.deciding.reason) == (
        Outcome.UNDECIDED,
        Reason.KNOWLEDGE_TOO_OLD,
    )
