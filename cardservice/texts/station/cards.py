"""Words of a station: what lies in a reader: the card went away, or is none for this lane."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

CARDS: Final[Mapping[str, Phrase]] = {
    "card-removed": Phrase(
        "The card was taken out before it was finished.",
        "Put the same card back and leave it in until the lane says that it is done.",
    ),
    "card-too-slow": Phrase(
        "The card did not answer in time.",
        "Put the same card in once more; if it happens again, skip the job and lay the card aside.",
    ),
    "link-failed": Phrase(
        "The connection to the card broke.",
        "Take the card out, wipe its contacts and put the same card in once more.",
    ),
    "reader-unavailable": Phrase(
        "The reader cannot be reached.",
        "Check the reader's cable and the service pcscd, then resume the lane.",
    ),
    "lane-died": Phrase(
        "The lane's program ended and is started again; nothing is lost.",
        "Put the same card in once more.",
    ),
    "card-mute": Phrase(
        "The card does not answer at all.",
        "Lay the card straight or turn it round; if it stays silent, put it into the error bin.",
    ),
    "card-foreign": Phrase(
        "This is not a card that can be personalized.",
        "Put it into the error bin and take a blank.",
    ),
    "card-foreign-keys": Phrase(
        "The card belongs to another issuer: it answers to other keys.",
        "Put it into the error bin and take a blank.",
    ),
    "card-not-blank": Phrase(
        "The card has been used already.",
        "Put it into the error bin and take a blank.",
    ),
    "card-of-another-order": Phrase(
        "The card was begun for another order of this station.",
        "Leave it in: the lane finishes that order first.",
    ),
    "card-keys-wrong": Phrase(
        "The card does not answer to the keys it should have.",
        "Put it into the error bin; if several do, compare the key versions with the delivery note "
        "of the blanks.",
    ),
    "card-malformed": Phrase(
        "The card answered as no policy card may.",
        "Put it into the error bin and take another blank.",
    ),
    "card-refused": Phrase(
        "The card refused a command.",
        "Put it into the error bin and take another blank.",
    ),
    "card-spoiled": Phrase(
        "The card counts as spoiled; its chip is erased.",
        "Put it into the error bin and take a blank.",
    ),
    "card-half-made": Phrase(
        "The card was begun elsewhere and cannot be finished.",
        "Put it into the error bin; it counts as spoiled.",
    ),
    "card-not-as-ordered": Phrase(
        "The finished card does not read as it was ordered.",
        "Put it into the error bin; if it happens twice in a row, stop the station and call its "
        "keeper.",
    ),
    "chip-serial-twice": Phrase(
        "Another card with this chip serial was here before.",
        "Lay the card aside, tell its maker and take another blank.",
    ),
    "blank-foreign": Phrase(
        "This blank was never handed to this station; nothing was written to it.",
        "Lay it aside and ask where it comes from; if it is yours, receive its range of serials "
        "first.",
    ),
    "blank-missing": Phrase(
        "The tray is empty, but blanks of this station are missing.",
        "Count the tray: cardservice station stock count.",
    ),
    "hopper-empty": Phrase(
        "The feeder has no more cards.",
        "Fill the hopper, then resume the lane.",
    ),
    "feeder-fault": Phrase(
        "The feeder reports a fault.",
        "Look into the feeder, clear what is jammed, then resume the lane.",
    ),
    "feeder-unavailable": Phrase(
        "The feeder cannot be reached.",
        "Check that the feeder is switched on and connected, then resume the lane.",
    ),
    "feeder-wrong": Phrase(
        "The feeder answers as it should not.",
        "Switch the feeder off and on; if it stays, compare its address with the settings.",
    ),
}
