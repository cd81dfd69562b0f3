"""Words of a station: work on a card that its holder has."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

HELD: Final[Mapping[str, Phrase]] = {
    "order-for-new-card": Phrase(
        "The order is for a new card, not for one that its holder has.",
        "Make it with: cardservice station run.",
    ),
    "other-card": Phrase(
        "This is not the card that the order is for.",
        "Put in the card that the order is for.",
    ),
    "pin-wrong": Phrase(
        "The PIN is wrong.",
        "Let the holder type it once more; after three wrong ones the card takes none.",
    ),
    "pin-blocked": Phrase(
        "The card takes no PIN any more: all tries are used up.",
        "Unblock the PIN with the PUK.",
    ),
    "puk-wrong": Phrase(
        "The PUK is wrong.",
        "Let the holder read it from the letter and type it once more.",
    ),
    "puk-blocked": Phrase(
        "The card takes no PUK any more: all tries are used up.",
        "Order new secrets for the card, or a new card.",
    ),
    "pin-needed": Phrase(
        "The holder's PIN is needed.",
        "Let the holder type it at the station.",
    ),
    "puk-needed": Phrase(
        "The PUK is needed.",
        "Let the holder type it from the letter.",
    ),
    "new-pin-needed": Phrase(
        "A new PIN is needed.",
        "Let the holder choose and type one.",
    ),
    "can-needed": Phrase(
        "The card shows nothing without the six digits printed on it.",
        "Type the digits from the card's face.",
    ),
    "can-wrong": Phrase(
        "These are not the six digits printed on the card.",
        "Compare them with the card's face and type them once more.",
    ),
    "code-malformed": Phrase(
        "What was typed can be no PIN, PUK or CAN.",
        "Type digits only, as many as the letter shows.",
    ),
    "contact-needed": Phrase(
        "The card wants a contact reader for this.",
        "Put it into a contact reader; if it is in one, the card has to be replaced.",
    ),
    "clock-behind-card": Phrase(
        "What is on the card was signed later than this station's clock says it is.",
        "Set the clock; if it is right, ask the issuer who signed the card.",
    ),
    "held-card-foreign": Phrase(
        "This is no policy card with a signature of an issuer.",
        "Ask the holder for the policy card.",
    ),
    "held-card-broken": Phrase(
        "The card answered as no policy card may.",
        "Try once more; if it stays, the card has to be replaced.",
    ),
    "held-card-keys": Phrase(
        "The card does not answer to this issuer's keys; nothing was written.",
        "Ask the issuer named on the card.",
    ),
    "held-card-twin": Phrase(
        "The journal knows another card of this number, or this chip under another number.",
        "Keep the card and ask its issuer.",
    ),
    "held-card-spoiled": Phrase(
        "This card counts as spoiled at this station.",
        "Destroy it; its holder needs a new one.",
    ),
    "held-card-changed": Phrase(
        "Something else was written to this card after the order was begun.",
        "Ask the registry what the card should say.",
    ),
    "held-card-refused": Phrase(
        "The card refused the change and is as it was before.",
        "Try once more; if it refuses again, the card has to be replaced.",
    ),
    "held-card-not-as-ordered": Phrase(
        "After the change the card does not show what was ordered.",
        "Put the card in again: the station looks once more.",
    ),
    "held-card-blank": Phrase(
        "This card is blank.",
        "Put in the card that its holder has.",
    ),
    "held-card-blocked": Phrase(
        "This card is blocked.",
        "Ask the issuer to unblock it first.",
    ),
    "held-card-terminated": Phrase(
        "This card is terminated and tells no more whose it was.",
        "Its holder needs a new card.",
    ),
    "held-card-not-genuine": Phrase(
        "The chip does not prove to be the issuer's.",
        "Keep the card: it may be a copy, and tell the issuer.",
    ),
    "held-card-altered": Phrase(
        "The data on the card are not what was signed.",
        "Keep the card and tell the issuer.",
    ),
    "held-card-signer": Phrase(
        "The card's signer is not trusted now.",
        "Bring the trust list up to date; if that does not help, ask the issuer.",
    ),
}
