"""Words of a station: the job in hand cannot be done, or is not this lane's."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

JOBS: Final[Mapping[str, Phrase]] = {
    "order-made": Phrase(
        "A card was made for this order before; it is not made twice.",
        "Nothing: the lane takes the next job.",
    ),
    "order-on-another-card": Phrase(
        "The order is on another card already.",
        "Put that card back to finish it; if it is lost or broken, give it up: cardservice station "
        "journal give-up.",
    ),
    "card-number-used": Phrase(
        "Another chip was given the card number of this order.",
        "Nothing: the order goes back and comes again with a new number.",
    ),
    "in-hand": Phrase(
        "Another lane is at work on this order or this card.",
        "Nothing: the lane takes the next job.",
    ),
    "order-unfit": Phrase(
        "The order does not fit on a card, or says what no card can.",
        "Nothing here: the order goes back with its reason, and the office corrects it.",
    ),
    "lease-lost": Phrase(
        "The order was given to another station meanwhile.",
        "Nothing: the lane takes the next job.",
    ),
    "service-done": Phrase(
        "This order was done before; it is not done twice.",
        "Nothing: the lane takes the next job.",
    ),
    "duplicate-enp": Phrase(
        "The policy number stands in the table twice.",
        "Take one of the rows out of the table.",
    ),
    "row-fatal": Phrase(
        "The row ended the program that checked it.",
        "Take the row out of the table and send it to the project as an example without real data.",
    ),
    "worker-not-started": Phrase(
        "A helping process could not be started.",
        "Check the free memory, then start again with fewer workers.",
    ),
}
