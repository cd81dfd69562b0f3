"""Every card of the zoo on a desk that has the trust folder: judged as the catalogue says."""

from collections.abc import Iterator

import pytest

from cardservice.verify.examination import Examination
from simulators.card import load_card
from simulators.zoo import CATALOGUE, Outcome, Way, Zoo, open_zoo
from simulators.zoo.entries import ZooEntry, invalid
from tests.simulated.zoo.desk import Desk, judged

CASES = [
    pytest.param(entry, way, id=f"{entry.name} {way.name}")
    for entry in CATALOGUE
    for way in entry.judged
]

NO_CAN = "000000"  # what somebody types for a card that has no number yet


@pytest.fixture(scope="module")
def zoo() -> Iterator[Zoo]:
    with open_zoo() as opened:
        yield opened


def examined(zoo: Zoo, name: str, way: Way = Way.CONTACT) -> Examination:
    card, secrets = zoo.card(name), zoo.secrets(name)
    return Desk(zoo.trust_folder).meet(card, way, can=secrets.can if secrets else NO_CAN)


@pytest.mark.parametrize(("entry", "way"), CASES)
def test_a_desk_judges_the_card_as_the_catalogue_says(zoo: Zoo, entry: ZooEntry, way: Way) -> None:
    assert judged(examined(zoo, entry.name, way)) == entry.judged[way]


def test_a_card_that_is_not_good_is_valid_on_no_way_unless_the_catalogue_says_so(zoo: Zoo) -> None:
    good = {entry.name for entry in CATALOGUE if entry.judged[Way.CONTACT].outcome == "valid"}
    protected = {"valid-protected", "valid-private"}
    for entry in CATALOGUE:
        if entry.name in good | protected:
            continue
        ways = [way for way in Way if way not in {Way.CONTACT_CAN, Way.TAP_CAN}]
        for way in ways:
            outcome = judged(examined(zoo, entry.name, way)).outcome
            assert outcome is not Outcome.VALID, (entry.name, way)


def test_the_texts_on_the_cards_are_as_long_and_as_few_as_the_catalogue_says(zoo: Zoo) -> None:
    longest, minimal = examined(zoo, "longest-texts").holder, examined(zoo, "minimal").holder
    assert longest is not None
    assert minimal is not None
    texts = (longest.surname, longest.given_name, longest.patronymic, longest.birth_place)
    assert [len(text or "") for text in texts] == [60, 60, 60, 150]
    assert not any((minimal.patronymic, minimal.birth_place, minimal.citizenship, minimal.snils))


def test_photos_are_where_the_catalogue_says(zoo: Zoo) -> None:
    names = ("valid-with-photo", "valid-without-photo", "longest-with-photo", "altered-photo")
    shown = [examined(zoo, name, Way.CONTACT_PHOTO).photo for name in names]
    assert [photo and len(photo.image) for photo in shown] == [12_000, None, 22_528, None]
    for name in ("field-first-photo", "field-second-photo"):
        assert examined(zoo, name, Way.CONTACT_PHOTO).photo is not None
    for name in ("field-first", "field-second"):
        assert examined(zoo, name, Way.CONTACT_PHOTO).photo is None


def test_a_state_file_is_judged_as_the_card_it_was_written_from(zoo: Zoo) -> None:
    for name in ("valid", "blocked", "swapped-sod", "torn-after-data"):
        written = zoo.put_out(name)
        assert written is not None
        found = judged(Desk(zoo.trust_folder).read(load_card(written[0])))
        assert found == zoo.entry(name).judged[Way.CONTACT]


def test_no_made_card_supersedes_another(zoo: Zoo) -> None:
    holders = [examined(zoo, one.name).holder for one in CATALOGUE if one.has_image]
    numbers = [holder.enp for holder in holders if holder is not None]
    # A swapped owner file shows the number of another card, but of none in the catalogue.
    assert len(numbers) == len(set(numbers))
    assert {number[:2] for number in numbers} == {"00"}


def test_a_zoo_without_a_register_is_undecided_about_good_cards_and_sure_of_bad_ones(
    zoo: Zoo,
) -> None:
    desk = Desk(zoo.trust_folder, with_register=False)
    assert judged(desk.meet(zoo.card("valid"), Way.CONTACT)).reason == "register-unreachable"
    assert judged(desk.meet(zoo.card("cloned"), Way.CONTACT)) == invalid("chip-copied")
