"""The desk of the demonstration, and what any desk calls insurers."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from cardservice.domain.numbers import Ogrn
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.home.demonstration import DemonstrationCards
from cardservice.home.desk_at_work import DeskAtWork
from cardservice.home.issuer import utc_now
from cardservice.printing.photo_png import png_apart
from cardservice.serving.desk import Desk, demonstration_desk, page_parts, parts_of
from cardservice.settings import Settings
from cardservice.texts.demonstration import DemonstrationCard
from cardservice.verify.examination import Examination
from cardservice.web.app import create_app
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import ReaderState
from tests.unit.home.test_office_demonstration import cheap_settings
from tests.unit.papers.pdf_reading import opened, text_of
from tests.unit.web.client import get

OGRN = Ogrn("1009900000230")  # of the insurer that the good card names
NAME = "МСК «Макет»"
HERE = (DemonstrationCard.GOOD, DemonstrationCard.OTHER, DemonstrationCard.COPIED)
READER = "Reader 1"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with demonstration_desk(cheap_settings()) as lent:
        yield lent


def examined(desk: Desk, card: DemonstrationCard, *, photo: bool = False) -> Examination:
    """Return what the desk makes of a card out of its drawer."""
    assert isinstance(desk.demonstration, DemonstrationCards)
    with closing(desk.demonstration.tray.workbench(card)) as link:
        return desk.examiner.examine(link, photo=photo)


def cover(examination: Examination) -> tuple[Outcome, Reason]:
    assert examination.verdict is not None
    (found,) = (one for one in examination.verdict.checks if one.name is CheckName.COVER_HERE)
    return found.outcome, found.reason


def shown(settings: Settings, desk: Desk, examination: Examination) -> tuple[str, str]:
    """Return the page and the words of the PDF for a card on the desk's reader."""
    begun = Begun(moment=Moment(at=utc_now(), grade=TimeGrade.AT_LEAST))
    state = ReaderState(reader=READER).with_card(1, 0.0, begun=begun)
    with closing(DeskHub()) as hub:
        hub.update(lambda at: at.with_reader(state.with_result(1, examination, 0.1)))
        app = create_app(hub, parts=page_parts(settings, desk))
        page = get(app, "/").text
        sheet = get(app, f"/desk/sheets/{begun.ticket}.pdf")
    return page, text_of(opened(sheet.content))


@pytest.mark.parametrize("card", HERE)
def test_most_cards_of_the_demonstration_are_at_home_at_its_desk(
    desk: Desk, card: DemonstrationCard
) -> None:
    assert cover(examined(desk, card)) == (Outcome.VALID, Reason.COVER_TERRITORIAL)


def test_a_card_of_another_region_is_still_among_them(desk: Desk) -> None:
    assert cover(examined(desk, DemonstrationCard.BLOCKED)) == (Outcome.VALID, Reason.COVER_BASIC)


def test_the_region_that_was_set_goes_before_that_of_the_demonstration() -> None:
    with demonstration_desk(cheap_settings().model_copy(update={"region": "00002"})) as elsewhere:
        found = cover(examined(elsewhere, DemonstrationCard.GOOD))
    assert found == (Outcome.VALID, Reason.COVER_BASIC)


@pytest.mark.parametrize("card", [DemonstrationCard.GOOD, DemonstrationCard.OTHER])
def test_a_good_card_has_a_photo_that_a_browser_can_be_shown(
    desk: Desk, card: DemonstrationCard
) -> None:
    found = examined(desk, card, photo=True)
    assert found.verdict is not None
    assert found.verdict.outcome is Outcome.VALID
    assert found.photo is not None
    assert (png_apart(found.photo.image) or b"").startswith(b"\x89PNG")


def test_two_people_of_the_demonstration_have_two_faces(desk: Desk) -> None:
    first, second = (examined(desk, card, photo=True).photo for card in HERE[:2])
    assert first != second


def test_page_and_pdf_name_the_demonstrations_insurer_beside_its_number(desk: Desk) -> None:
    for said in shown(cheap_settings(), desk, examined(desk, DemonstrationCard.GOOD)):
        assert NAME in said
        assert OGRN in said


def test_a_desk_that_was_told_no_names_shows_the_number_alone(desk: Desk) -> None:
    unnamed = replace(desk, insurers={})
    for said in shown(cheap_settings(), unnamed, examined(desk, DemonstrationCard.GOOD)):
        assert OGRN in said
        assert NAME not in said


def test_a_name_that_would_be_markup_stays_text_on_the_page(desk: Desk) -> None:
    named = cheap_settings().model_copy(update={"desk_insurers": {OGRN: "<script>x</script>"}})
    page, _ = shown(named, desk, examined(desk, DemonstrationCard.GOOD))
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_the_settings_name_goes_before_the_demonstrations(desk: Desk) -> None:
    named = cheap_settings().model_copy(update={"desk_insurers": {OGRN: "Другая МСК"}})
    assert page_parts(named, desk).insurer_name(OGRN) == "Другая МСК"


def test_an_insurer_that_nobody_named_has_no_name(desk: Desk) -> None:
    assert page_parts(cheap_settings(), desk).insurer_name(Ogrn("1027700132195")) is None


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"desk_insurers": {OGRN: NAME}}, NAME),
        ({"insurer_ogrn": OGRN, "insurer_name": "Своя"}, "Своя"),
        ({"insurer_ogrn": OGRN, "insurer_name": "Своя", "desk_insurers": {OGRN: NAME}}, NAME),
        ({"insurer_ogrn": "", "insurer_name": "Своя"}, None),
        ({"insurer_ogrn": OGRN, "insurer_name": ""}, None),
    ],
)
def test_an_enrolled_desk_names_insurers_by_its_settings(
    told: dict[str, object], name: str | None
) -> None:
    at_work = SimpleNamespace(
        settings=cheap_settings().model_copy(update=told),
        clerk_calls=None,
        time=SimpleNamespace(now=None),
    )
    assert parts_of(cast("DeskAtWork", at_work)).insurer_name(OGRN) == name
