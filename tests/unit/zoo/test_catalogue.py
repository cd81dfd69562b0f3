"""The catalogue in itself: complete, without contradictions, and the page made of it is current."""

import re

import pytest

from scripts.zoo_page import PAGE, STALE, main, page
from simulators.reader.errors import ReaderSetupError
from simulators.zoo import CATALOGUE, Outcome, Way, entry_named
from simulators.zoo.making import Image
from simulators.zoo.recipes import Made, Torn
from simulators.zoo.wishes import PERSONS, Wish, another_person, members_of

WANTED = {
    "blank",
    "valid",
    "valid-with-photo",
    "valid-without-photo",
    "valid-protected",
    "valid-private",
    "blocked",
    "terminated",
    "expired",
    "insurance-ended",
    "revoked-signer",
    "unknown-signer",
    "altered-owner",
    "altered-insurer",
    "altered-photo",
    "swapped-owner",
    "swapped-sod",
    "swapped-owner-and-sod",
    "swapped-all",
    "cloned",
    "bank",
    "transit",
    "random",
    "mute",
    "field-first",
    "field-first-photo",
    "field-second",
    "field-second-photo",
    "minimal",
    "longest-texts",
    "superseded",
    "torn-after-open",
    "torn-after-keys",
    "torn-after-reopen",
    "torn-after-chip-key",
    "torn-in-data",
    "torn-after-data",
}


def test_every_card_that_was_asked_for_is_there() -> None:
    assert {entry.name for entry in CATALOGUE} >= WANTED


def test_names_are_unique_and_may_be_file_names() -> None:
    names = [entry.name for entry in CATALOGUE]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_card_is_judged_on_contact_and_every_way_is_judged_of_some_card() -> None:
    assert all(Way.CONTACT in entry.judged for entry in CATALOGUE)
    assert {way for entry in CATALOGUE for way in entry.judged} == set(Way)
    assert {one.outcome for entry in CATALOGUE for one in entry.judged.values()} == set(Outcome)


def test_only_cards_that_are_made_and_the_altered_photo_may_be_valid() -> None:
    for entry in CATALOGUE:
        if Outcome.VALID in {one.outcome for one in entry.judged.values()}:
            assert isinstance(entry.recipe, Made) or entry.name == "altered-photo"


def test_the_can_is_typed_only_for_cards_that_have_one_or_tell_their_state_to_everybody() -> None:
    for entry in CATALOGUE:
        if Way.TAP_CAN in entry.judged:
            assert entry.has_image
            torn = isinstance(entry.recipe, Torn)
            assert not torn or entry.judged[Way.TAP_CAN] == entry.judged[Way.TAP_UNKNOWN]


def test_every_name_has_a_policy_number_of_its_own() -> None:
    names = [entry.name for entry in CATALOGUE]
    names += [f"{name} other" for name in names]
    serials = [members_of(Wish(), name)["serial"] for name in names]
    assert len(serials) == len(set(serials))


def test_another_person_is_another_one() -> None:
    for entry in CATALOGUE:
        own = members_of(Wish(), entry.name)
        other = members_of(another_person(Wish(), entry.name), entry.name)
        assert own["surname"] != other["surname"]
    surnames = {members_of(Wish(), entry.name)["surname"] for entry in CATALOGUE}
    assert surnames == {person.surname for person in PERSONS}


def test_an_unknown_name_is_refused_with_a_way_to_the_list() -> None:
    with pytest.raises(ReaderSetupError, match="no card of the zoo is called 'unicorn'") as error:
        entry_named("unicorn")
    assert "cardsim zoo" in error.value.remedy


def test_an_image_does_not_print_what_is_in_it() -> None:
    assert "secret" not in repr(Image({"PIN": b"secret"}, ({"pin": "secret"},)))


def test_the_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    assert main(["--check"]) == 0


def test_a_page_that_is_not_current_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.zoo_page.page", lambda: "another page")
    assert main(["--check"]) == STALE
    assert "not current" in capsys.readouterr().err
