"""The photo and the number of a card that a station made, as a desk gets at them."""

from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.printing.photo_png import PNG_SIGNATURE, png_apart
from cardservice.web.desk.photos import photo_of
from cardservice.web.desk.state import PhotoPhase
from simulators.card import blank_card
from simulators.card.field import FieldCard
from tests.chain import MemoryRegister, StandingClock, an_order, desk, station
from tests.simulated.conftest import Lend
from tests.unit.papers.portraits import portrait_of, written
from tests.unit.policycard.golden_records import octets_of

PORTRAIT = Photo(PhotoFormat.JPEG, written(portrait_of(324, 414), quality=60))


def test_a_made_cards_photo_is_shown_beside_the_verdict_that_was_read_before(lend: Lend) -> None:
    register = MemoryRegister(clock := StandingClock())
    card = blank_card()
    with lend(card) as link:
        station(register, clock=clock).make(link, an_order(index=1, photo=PORTRAIT))
    ours = desk(register)
    with lend(card) as link:
        first = ours.examine(link)
    with lend(card) as link:
        again = ours.examine(link, photo=True)
    shown = photo_of(first, again, png_apart)
    assert first.photo is None
    assert shown.phase is PhotoPhase.SHOWN
    assert shown.image is not None
    assert shown.image.startswith(PNG_SIGNATURE)


def test_the_number_of_a_proved_card_is_known_and_of_any_other_it_is_not(lend: Lend) -> None:
    register = MemoryRegister(clock := StandingClock())
    card, order = blank_card(), an_order(index=7)
    with lend(card) as link:
        station(register, clock=clock).make(link, order)
    with lend(card) as link:
        proved = desk(register).examine(link)
    with lend(
        FieldCard(
            owner=octets_of("owner-snils"),
            insurers={0x0301: octets_of("insurer-plain")},
            pointer=0x0301,
        )
    ) as link:
        field = desk(register).examine(link)
    assert (proved.proved, proved.card_number) == (
        True,
        order.list_number << 32 | order.list_index,
    )
    assert (field.proved, field.card_number) == (False, None)
