"""Which language a person gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.texts.languages import Language, language_of, negotiate


def test_the_language_asked_for_wins() -> None:
    assert negotiate(asked="en", remembered="ru", accepted="ru") is Language.EN


def test_the_remembered_language_wins_over_the_browsers() -> None:
    assert negotiate(remembered="en", accepted="ru") is Language.EN


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", Language.RU),
        ("en-GB,en;q=0.9", Language.EN),
        ("de,en;q=0.3,ru;q=0.2", Language.EN),
        ("en;q=0.2, ru;q=0.7", Language.RU),
        ("en;q=0", Language.RU),
        ("de", Language.RU),
        ("*", Language.RU),
        ("en;q=zero", Language.RU),
        ("en;x=1", Language.RU),
    ],
)
def test_the_most_wanted_language_that_we_have_is_taken(accepted: str, language: Language) -> None:
    assert negotiate(accepted=accepted) is language


def test_the_service_has_a_language_of_its_own_for_everybody_else() -> None:
    assert negotiate(accepted="de", default=Language.EN) is Language.EN


def test_a_tag_of_another_language_names_none() -> None:
    assert [language_of(tag) for tag in ("rus", "", None, "english", "uk")] == [None] * 5


@given(asked=st.text(), accepted=st.text())
def test_any_text_from_outside_gives_a_language(asked: str, accepted: str) -> None:
    assert negotiate(asked=asked, remembered=asked, accepted=accepted) in set(Language)
