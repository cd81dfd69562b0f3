"""HTML of the desk."""

from dataclasses import replace

import pytest

from cardservice.domain.holder import Holder
from cardservice.domain.numbers import Enp, Snils
from cardservice.texts.languages import Language
from cardservice.web.desk.photos import WITHHELD
from cardservice.web.desk.rendering import Renderer
from cardservice.web.desk.state import DeskState, ReaderState, Trouble
from tests.unit.web.doubles import DoubleDemonstration, DoubleWatch
from tests.unit.web.examples import CLOSED, FIELD_CARD, IVANOV, VALID

RU = Renderer(Language.RU)
READER = ReaderState(reader="A & B").with_card(1, 0.0)
MARK_OF_THE_PAGE = "of this run"
HOSTILE = '<img src=x onerror="alert(1)">'


def panel(state: ReaderState) -> str:
    return RU.panel(state, token=MARK_OF_THE_PAGE)


def page(desk: DeskState, demonstration: DoubleDemonstration | None = None) -> str:
    return RU.page(
        desk,
        instance="i-1",
        token=MARK_OF_THE_PAGE,
        heartbeat_s=10.0,
        demonstration=demonstration,
    )


@pytest.mark.parametrize(
    "holder",
    [
        replace(IVANOV, surname=HOSTILE),
        replace(IVANOV, given_name=HOSTILE),
        replace(IVANOV, patronymic=HOSTILE),
        replace(IVANOV, snils=Snils(HOSTILE)),
        replace(IVANOV, enp=Enp(HOSTILE)),
    ],
)
def test_whatever_a_card_holds_is_text_and_never_markup(holder: Holder) -> None:
    hostile = replace(VALID, holder=holder)
    assert "<img" not in panel(READER.with_result(1, hostile, 0.1))


def test_a_reader_name_is_text_and_never_markup() -> None:
    assert "<img" not in page(DeskState(readers=(ReaderState(reader=HOSTILE),))).split("<main")[1]


def test_unproved_data_carry_a_sign_that_is_not_only_a_colour() -> None:
    said = "Не подтверждено: за эти данные никто не ручается"
    assert said in panel(READER.with_result(1, FIELD_CARD, 0.1))
    assert said not in panel(READER.with_result(1, VALID, 0.1))


def test_a_desk_that_shows_no_photos_says_so_instead_of_a_button() -> None:
    state = READER.with_result(1, VALID, 0.1)
    withheld = panel(replace(state, photo=WITHHELD))
    assert "Показать фото" in panel(state)
    assert "Показать фото" not in withheld
    assert "Здесь фото не показывают" in withheld


def test_a_remedy_is_said_once() -> None:
    html = panel(READER.with_result(1, FIELD_CARD, 0.1))
    assert html.count("Найдите полис в реестре и сверьте с паспортом.") == 2  # shown and announced


def test_a_desk_without_readers_says_what_to_do() -> None:
    assert "Подключите считыватель" in RU.notice(DeskState())
    assert RU.notice(DeskState(readers=(READER,))) == ""


def test_a_lost_reader_service_is_told_in_place_of_panels() -> None:
    lost = DeskState(readers=(READER,)).out_of_reach(Trouble("100% away", "Start <it>."))
    html = page(lost)
    assert "Считыватели недоступны" in html
    assert "100% away" in html
    assert "Start &lt;it&gt;." in html
    assert "data-key=" not in html


def test_the_page_is_right_before_any_script_runs() -> None:
    html = page(DeskState(readers=(READER.with_result(1, VALID, 0.1),)))
    assert "ИВАНОВ" in html
    assert '<html lang="ru"' in html


def test_the_page_has_no_inline_script_style_or_foreign_address() -> None:
    html = page(DeskState(readers=(READER,)))
    assert "style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_simulated_cards_are_offered_only_in_a_demonstration() -> None:
    desk = DeskState(readers=(READER,))
    demonstration = DoubleDemonstration(DoubleWatch(), {"valid": "A 100% valid policy"})
    assert "A 100% valid policy" in page(desk, demonstration)
    assert "/demonstration" not in page(desk)


def test_the_number_printed_on_a_simulated_card_stands_on_its_button() -> None:
    titles = {"valid": "A valid policy", "closed": "A contactless card (type its number)"}
    demonstration = DoubleDemonstration(DoubleWatch(), titles, {"closed": "493826"})
    html = page(DeskState(readers=(READER,)), demonstration)
    said = 'Бесконтактная карта (введите номер) <b class="printed">493826</b></button>'
    assert said in html
    assert html.count('class="printed"') == 1


def test_a_reader_name_in_the_form_is_text_and_never_markup() -> None:
    closed = replace(READER, reader=HOSTILE).with_result(1, CLOSED, 0.1)
    assert "<img" not in panel(closed)


def test_the_protocols_of_a_verdict_are_told_below_its_checks() -> None:
    html = panel(READER.with_result(1, VALID, 0.1))
    assert "аутентификация чипа, подпись" in html.partition('class="notes"')[2]
