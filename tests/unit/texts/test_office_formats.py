"""Days, times and counted things."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cardservice.errors import UsageError
from cardservice.texts.languages import Language
from cardservice.texts.office.formats import clock, counted, day, moment, number, weekday

RU, EN = Language.RU, Language.EN
MOSCOW = ZoneInfo("Europe/Moscow")
LATE = datetime(2026, 5, 1, 21, 5, tzinfo=UTC)
CATALOG = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && \
(n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{count} row"
msgid_plural "{count} rows"
msgstr[0] "{count} строка"
msgstr[1] "{count} строки"
msgstr[2] "{count} строк"
"""


def test_a_day_is_shown_as_each_language_writes_it() -> None:
    assert [day(date(1980, 5, 15), one) for one in (RU, EN)] == ["15.05.1980", "15 May 1980"]


def test_a_moment_is_shown_in_the_zone_of_the_office() -> None:
    assert moment(LATE, MOSCOW, RU) == "02.05.2026 00:05"
    assert moment(LATE, UTC, EN) == "1 May 2026 21:05"
    assert clock(LATE, MOSCOW, EN) == "00:05"


def test_a_moment_without_a_zone_is_not_shown() -> None:
    with pytest.raises(UsageError):
        moment(LATE.replace(tzinfo=None), MOSCOW, RU)


def test_a_week_begins_with_monday() -> None:
    assert [weekday(0, one) for one in (RU, EN)] == ["понедельник", "Monday"]
    assert [weekday(6, one, short=True) for one in (RU, EN)] == ["вс", "Sun"]


def test_a_week_has_seven_days() -> None:
    with pytest.raises(KeyError):
        weekday(7, RU)


def test_thousands_stand_apart() -> None:
    assert [number(10_000, one) for one in (RU, EN)] == ["10\u00a0000", "10,000"]


def test_a_counted_thing_has_the_form_that_its_number_wants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "pages_that_count/locale/ru"
    home.mkdir(parents=True)
    (home / "rows.po").write_text(CATALOG, encoding="utf-8")
    (tmp_path / "pages_that_count/__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    said = [
        counted(count, "{count} row", "{count} rows", RU, package="pages_that_count")
        for count in (1, 3, 11, 1_000)
    ]
    assert said == ["1 строка", "3 строки", "11 строк", "1\u00a0000 строк"]
    assert counted(1, "{count} row", "{count} rows", EN, package="x") == "1 row"
