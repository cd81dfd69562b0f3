import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.papers.typesetting import LEADING, Room, Run, fit, wrap
from tests.unit.papers.examples import FONTS

FACE = FONTS.regular
ROOM = Room(40.0, 12.0, largest=4.0, smallest=2.0)


def test_lines_break_at_blanks_and_after_hyphens() -> None:
    width = FACE.width("Иванов-Петров", 4.0)
    assert wrap("Иванов-Петров-Водкин Кузьма", FACE, size=4.0, width=width) == (
        "Иванов-",
        "Петров-",
        "Водкин",
        "Кузьма",
    )


def test_a_word_wider_than_the_line_is_broken_and_nothing_is_lost() -> None:
    lines = wrap("я" * 100, FACE, size=4.0, width=20.0)
    assert len(lines) > 1
    assert "".join(lines) == "я" * 100


@given(st.text(alphabet="аЩi -'", max_size=80), st.floats(4.0, 60.0))
def test_no_line_is_wider_than_it_may_and_no_letter_is_lost(text: str, width: float) -> None:
    lines = wrap(text, FACE, size=3.0, width=width)
    assert all(FACE.width(line, 3.0) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_short_text_has_the_largest_size() -> None:
    (words,) = fit([Run("Анна")], ROOM, FONTS, field="name")
    assert words.size == ROOM.largest


def test_a_longer_text_is_shrunk_until_it_fits() -> None:
    lines = fit([Run("Анна-Мария " * 6)], ROOM, FONTS, field="name")
    assert ROOM.smallest <= lines[0].size < ROOM.largest
    assert len(lines) * lines[0].size * LEADING <= ROOM.height
    assert all(FACE.width(one.text, one.size) <= ROOM.width for one in lines)


def test_the_smallest_size_is_still_tried() -> None:
    text = "ш" * 20
    room = Room(FACE.width(text, 2.0), 12.0, largest=4.0, smallest=2.0)
    (words,) = fit([Run(text)], room, FONTS, field="name")
    assert words.size == pytest.approx(room.smallest)


def test_what_does_not_fit_at_the_smallest_size_is_refused_with_its_field() -> None:
    with pytest.raises(Refusal, match="does not fit") as caught:
        fit([Run("Анна-Мария " * 40)], ROOM, FONTS, field="given_name")
    assert (caught.value.code, caught.value.field) == ("paper-does-not-fit", "given_name")


def test_a_word_that_is_too_wide_is_refused_and_not_broken() -> None:
    with pytest.raises(Refusal, match="does not fit"):
        fit([Run("Щ" * 40)], ROOM, FONTS, field="surname")


def test_a_hyphen_is_part_of_its_word() -> None:
    room = Room(FACE.width("Анна", 2.0), 12.0, largest=2.0, smallest=2.0)
    with pytest.raises(Refusal, match="does not fit"):
        fit([Run("Анна-")], room, FONTS, field="name")
