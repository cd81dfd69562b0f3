"""The shift report as paper and as table."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cardservice.errors import Refusal
from cardservice.papers.shift_report import MOST_OPEN_CARDS, shift_pdf
from cardservice.papers.shift_report_csv import HEADER, shift_csv
from cardservice.papers.shift_report_values import Shift, ShiftHour, ShiftOpenCard, ShiftStock
from cardservice.papers.shift_report_wording import NEEDS, REASONS, RUSSIAN, STOCK, WORKS
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import SpoiledReason
from cardservice.personalization.recovery_lives import FINDINGS, Verdict
from tests.unit.papers.examples import FONTS, MADE
from tests.unit.papers.pdf_reading import opened, text_of

EIGHT = datetime(2026, 11, 22, 8, tzinfo=UTC)
SHIFT = Shift(
    station="north-1",
    begin=EIGHT,
    end=EIGHT + timedelta(hours=2),
    hours=(
        ShiftHour(hour=EIGHT, lane=1, made=40),
        ShiftHour(hour=EIGHT, lane=2, made=41, spoiled={"broken": 2}),
        ShiftHour(hour=EIGHT + timedelta(hours=1), lane=2, made=7, spoiled={"lost": 1}),
    ),
    services={"new-pin": 3},
    given_back=4,
    ended=1,
    stock_begin=ShiftStock(received=500, in_tray=500),
    stock_end=ShiftStock(received=500, in_tray=408, begun=1, made=88, spoiled=3),
    open_cards=(ShiftOpenCard(chip="0A1B2C3D4E5F0001", need="to-be-finished"),),
    untold=5,
)


def _text(shift: Shift, language: PaperLanguage = PaperLanguage.EN) -> str:
    with opened(shift_pdf(shift, fonts=FONTS, made=MADE, language=language)) as pdf:
        return text_of(pdf)


def _rows(shift: Shift) -> list[list[str]]:
    return list(csv.reader(io.StringIO(shift_csv(shift).decode(), newline="")))


def test_it_says_what_was_made_spoiled_and_left() -> None:
    lines = _text(SHIFT).splitlines()
    for label, value in (
        ("Cards made", "88"),
        ("Spoiled: broken", "2"),
        ("Spoiled: lost", "1"),
        ("Orders given back", "4"),
        ("Outcomes not told yet", "5"),
        ("New PINs and PUKs", "3"),
        ("0A1B2C3D4E5F0001", "to be finished: put it back"),
        ("In the tray", "at the begin 500, at the end 408"),
    ):
        assert lines[lines.index(label) + 1] == value


def test_its_table_has_every_lane_and_hour_and_their_sums() -> None:
    lines = _text(SHIFT).splitlines()
    head = lines.index("Hour")
    assert lines[head : head + 16] == [
        *("Hour", "Lane 1", "Lane 2", "All"),
        *("22 Nov 2026, 08:00", "40", "41 / 2", "81 / 2"),
        *("22 Nov 2026, 09:00", "0", "7 / 1", "7 / 1"),
        *("All", "40", "48 / 3", "88 / 3"),
    ]


def test_many_lanes_and_hours_and_cards_are_all_on_the_paper() -> None:
    hours = tuple(
        ShiftHour(hour=EIGHT + timedelta(hours=hour), lane=lane, made=1)
        for hour in range(24)
        for lane in range(1, 17)
    )
    left = tuple(
        ShiftOpenCard(chip=f"{n:016X}", need="look-at-the-card") for n in range(MOST_OPEN_CARDS + 9)
    )
    text = _text(replace(SHIFT, hours=hours, open_cards=left))
    assert text.count("Lane 16") == 1
    assert text.count("to be looked at") == MOST_OPEN_CARDS
    assert "and more\n9\n" in text


def test_a_shift_in_which_nothing_happened_has_a_report() -> None:
    text = _text(Shift(station="north-1", begin=EIGHT, end=EIGHT), PaperLanguage.RU)
    assert "Отчёт о смене" in text
    assert "Заготовки" not in text


def test_it_is_the_same_octets_for_the_same_shift() -> None:
    assert shift_pdf(SHIFT, fonts=FONTS, made=MADE) == shift_pdf(SHIFT, fonts=FONTS, made=MADE)


def test_it_declares_pdf_a_3b() -> None:
    with opened(shift_pdf(SHIFT, fonts=FONTS, made=MADE)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp


def test_a_station_whose_name_cannot_be_printed_is_refused() -> None:
    with pytest.raises(Refusal, match="hidden character"):
        _text(replace(SHIFT, station="north\u200b1"))


def test_every_reason_work_and_need_has_its_words_in_both_languages() -> None:
    assert set(REASONS) == set(SpoiledReason)
    assert set(WORKS) == set(Work)
    open_verdicts = {Verdict.TO_BE_FINISHED, Verdict.LOOK}
    assert set(NEEDS) == {one.verdict for one in FINDINGS.values()} & open_verdicts
    for text in (*REASONS.values(), *WORKS.values(), *NEEDS.values(), *STOCK.values()):
        assert RUSSIAN[text]


def test_the_table_for_programs_has_one_count_a_line() -> None:
    head, *rows = _rows(SHIFT)
    assert head == list(HEADER)
    assert ["made", "2026-11-22T08:00:00+00:00", "2", "", "41"] in rows
    assert ["spoiled", "2026-11-22T08:00:00+00:00", "2", "broken", "2"] in rows
    assert ["served", "", "", "new-pin", "3"] in rows
    assert ["stock-end", "", "", "in-tray", "408"] in rows
    assert ["untold", "", "", "", "5"] in rows
    assert sum(int(row[4]) for row in rows if row[0] == "made") == SHIFT.made


def test_no_cell_can_be_taken_for_a_formula() -> None:
    cells = [cell for row in _rows(SHIFT) for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}] == []
