"""What a panel says."""

from dataclasses import replace
from datetime import date

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.texts.languages import Language
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.present import Presenter
from cardservice.web.desk.state import ReaderState
from cardservice.web.desk.views import PanelView, key_of
from tests.unit.web.examples import (
    BANK_CARD,
    CLOSED,
    COPIED,
    FIELD_CARD,
    INSURANCE,
    IVANOV,
    OFFLINE,
    OPENED,
    VALID,
    examined,
    verdict,
)

RU, EN = Presenter(Language.RU), Presenter(Language.EN)
WAITING = ReaderState(reader="A")


def panel(result: Examination, presenter: Presenter = RU) -> PanelView:
    return presenter.panel(WAITING.with_card(1, 0.0).with_result(1, result, 0.4))


def test_an_empty_reader_asks_for_the_card() -> None:
    assert (RU.panel(WAITING).mark, RU.panel(WAITING).word) == ("waiting", "Предъявите карту")


def test_a_card_being_read_is_to_be_left_alone() -> None:
    reading = RU.panel(WAITING.with_card(1, 0.0))
    assert (reading.mark, reading.sentence) == ("reading", "Не убирайте карту.")


def test_a_card_taken_away_too_early_is_asked_back() -> None:
    view = RU.panel(WAITING.with_card(1, 0.0).without_card(hold=False))
    assert (view.mark, view.remedy) == ("problem", "Верните карту и подождите результата.")


def test_a_valid_card_says_so_in_one_word_and_one_sentence() -> None:
    view = panel(VALID)
    assert (view.mark, view.word) == ("valid", "Действителен")
    assert view.sentence == "Карта подлинная, полис действует."
    assert panel(VALID, EN).word == "Valid"


def test_an_invalid_card_says_why_and_what_to_do() -> None:
    view = panel(COPIED)
    assert (view.mark, view.word) == ("invalid", "Недействителен")
    assert view.sentence == "Чип не подтвердил подлинность: карта может быть копией."
    assert view.remedy == "Не принимайте карту. Попросите паспорт и найдите полис в реестре."


def test_an_undecided_card_says_what_could_not_be_decided() -> None:
    view = panel(OFFLINE)
    assert (view.mark, view.word) == ("undecided", "Неясно")
    assert view.sentence == "Нет связи с реестром."


def test_the_reason_that_decided_is_told_and_not_the_first_one() -> None:
    view = panel(
        examined(
            verdict(
                chip_genuine=(Outcome.UNDECIDED, Reason.NOT_READ),
                policy_in_force=(Outcome.INVALID, Reason.POLICY_EXPIRED),
            )
        )
    )
    assert view.sentence == "Срок действия полиса истёк."


@pytest.mark.parametrize("result", [VALID, COPIED, OFFLINE, FIELD_CARD])
def test_the_bearer_is_always_the_clerks_task_and_never_a_passed_check(result: Examination) -> None:
    view = panel(result)
    assert view.bearer is not None
    assert view.bearer.word == "Проверьте лицо или спросите дату рождения."
    assert (view.bearer.mark, view.bearer.is_open) == ("person", True)
    assert "Предъявитель" not in {one.name for one in view.checks}


def test_checks_keep_their_order_and_their_own_marks() -> None:
    marks = {one.name: one.mark for one in panel(OFFLINE, EN).checks}
    assert list(marks) == [
        "Chip",
        "Data",
        "Signature",
        "Terminal",
        "Card",
        "Policy",
        "Insurer",
        "Cover",
    ]
    assert marks["Card"] == "undecided"
    assert marks["Chip"] == "valid"


def test_a_check_that_decides_nothing_is_not_shown_as_passed() -> None:
    terminal = next(one for one in panel(VALID, EN).checks if one.name == "Terminal")
    assert (terminal.mark, terminal.answer) == ("note", "for your information")


def test_a_check_tells_the_age_of_its_data() -> None:
    ages = {one.name: one.age for one in panel(VALID, EN).checks}
    assert (ages["Card"], ages["Chip"]) == ("Data fetched 12 minutes ago", None)


def test_the_holder_is_shown_with_everything_a_clerk_compares() -> None:
    holder = panel(VALID).holder
    assert holder is not None
    assert (holder.surname, holder.names) == ("ИВАНОВ", "ИВАН ИВАНОВИЧ")
    assert (holder.birth_date, holder.enp) == ("15.05.1980", "0054 9108 3400 0015")
    assert {one.label: one.value for one in holder.facts} == {
        "Пол": "мужской",
        "СНИЛС": "112-233-445 95",
        "Регион (ОКАТО)": "00001",
    }
    assert holder.insurer == "ОГРН 1009900000010"
    assert holder.insured == "Застрахован с 12.04.2023, бессрочно"


def test_an_insurance_with_an_end_shows_both_dates() -> None:
    ended = replace(VALID, insurance=replace(INSURANCE, end_date=date(2026, 12, 31)))
    holder = panel(ended).holder
    assert holder is not None
    assert holder.insured == "Застрахован 12.04.2023 – 31.12.2026"


def test_absent_texts_leave_no_gaps() -> None:
    bare = replace(VALID, holder=replace(IVANOV, patronymic=None, snils=None), insurance=None)
    holder = panel(bare).holder
    assert holder is not None
    assert holder.names == "ИВАН"
    assert [one.label for one in holder.facts] == ["Пол"]


def test_unproved_data_are_marked() -> None:
    view = panel(FIELD_CARD)
    assert view.holder is not None
    assert not view.holder.proved


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_shows_no_holder_even_if_one_was_read(problem: Problem) -> None:
    view = panel(Examination(problem=problem, holder=IVANOV))
    assert (view.mark, view.holder, view.checks) == ("problem", None, ())


def test_a_foreign_card_is_no_policy() -> None:
    assert panel(BANK_CARD).word == "Не полис"


def test_an_examination_without_any_answer_counts_as_unreadable() -> None:
    assert panel(Examination(), EN).word == "Unreadable"


def test_what_is_announced_never_names_the_holder() -> None:
    assert panel(COPIED, EN).announcement == (
        "Invalid. The chip did not prove itself genuine: the card may be a copy. "
        "Do not accept the card. Ask for a passport and look the policy up in the register."
    )
    assert "ИВАНОВ" not in panel(VALID).announcement


def test_notes_say_when_it_was_signed_and_how_long_it_took() -> None:
    assert panel(VALID, EN).notes == ("Record signed on 12 Mar 2026", "Read in 0.41 s")


def test_what_was_skipped_on_the_card_is_told() -> None:
    skipped = replace(verdict(), skipped=("the photo was not read", "5F77 was not read", ""))
    assert panel(examined(skipped)).skipped == ("фото не читалось", "5F77 was not read")


def test_any_reader_name_gives_a_key_that_is_safe_in_html() -> None:
    assert [len(key_of(name)) for name in ("A", '"><script>', "\udcff", "")] == [12] * 4
    assert key_of("A") != key_of("B")


def test_a_closed_card_asks_for_its_number_and_says_why() -> None:
    view = panel(CLOSED)
    assert (view.mark, view.word, view.asks_for) == ("problem", "Нужен номер", 1)
    assert view.sentence == "Без своего номера карта не даёт себя прочитать."


def test_a_wrong_number_says_so_and_asks_again() -> None:
    view = panel(Examination(problem=Problem.CAN_WRONG), EN)
    assert (view.word, view.asks_for) == ("Wrong number", 1)
    assert view.sentence == "The number typed is not the one printed on this card."


def test_no_other_panel_asks_for_a_number() -> None:
    assert [panel(one).asks_for for one in (VALID, COPIED, BANK_CARD)] == [None] * 3
    assert RU.panel(WAITING.with_card(1, 0.0)).asks_for is None


def test_a_verdict_names_the_protocols_it_rests_on_in_both_languages() -> None:
    assert panel(OPENED, EN).ran == (
        "Checked by: PACE with the printed number, chip authentication, signature"
    )
    assert panel(OPENED).ran == (
        "Способы проверки: PACE по номеру на карте, аутентификация чипа, подпись"
    )


def test_a_verdict_without_any_protocol_names_none() -> None:
    assert panel(examined(replace(verdict(), ran=frozenset()))).ran is None
