"""Status words: every published one has a name and a meaning; patterns are functions."""

import re

import pytest

from cardservice.apdu.response import SW, name_of
from cardservice.apdu.status import meaning_of, more_available, right_ne, tries_left
from tests.shared import vectors

PLAIN = re.compile(r"[0-9A-F]{4}$")
VECTORS = vectors("status_words")
LISTED = [one["sw"] for one in (*VECTORS["iso7816_4"], *VECTORS["patterns_and_notes"])]
WORDS = sorted({int(sw, 16) for sw in LISTED if PLAIN.match(sw)})


def test_every_published_word_has_a_name_and_a_meaning() -> None:
    assert len(WORDS) > 300
    assert [f"{sw:04X}" for sw in WORDS if name_of(sw) == "unlisted" or not meaning_of(sw)] == []


def test_every_published_pattern_has_a_function() -> None:
    patterns = {sw for sw in LISTED if not PLAIN.match(sw)}
    assert patterns == {"61XX", "6CXX", "63CX"}
    assert (more_available(0x6105), right_ne(0x6C05), tries_left(0x63C5)) == (5, 5, 5)


@pytest.mark.parametrize("sw", [0x9000, 0x6005, 0x6205, 0x6B05, 0x6D05, 0x63B5, 0x63D5])
def test_a_neighbouring_word_is_no_pattern(sw: int) -> None:
    assert (more_available(sw), right_ne(sw), tries_left(sw)) == (None, None, None)


def test_00_in_a_length_pattern_means_256() -> None:
    assert (more_available(0x6100), right_ne(0x6C00), tries_left(0x63C0)) == (256, 256, 0)


@pytest.mark.parametrize(
    ("sw", "name"),
    [
        (0x9000, "OK"),
        (0x6107, "MORE_AVAILABLE"),
        (0x6C07, "WRONG_LE"),
        (0x63C2, "TRIES_LEFT"),
        (0x66AB, "SECURITY_ISSUE"),
        (0x6982, "SECURITY_STATUS_NOT_SATISFIED"),
        (0x1234, "unlisted"),
    ],
)
def test_a_word_is_named_by_list_or_pattern(sw: int, name: str) -> None:
    assert name_of(sw) == name


def test_an_unlisted_word_has_no_meaning() -> None:
    assert meaning_of(0x1234) == ""


def test_no_two_named_words_mean_the_same_by_accident() -> None:
    meanings = [meaning_of(sw) for sw in SW if sw not in (SW.MORE_DATA_GP, SW.MORE_DATA_GP_OLD)]
    assert len(set(meanings)) == len(meanings)
