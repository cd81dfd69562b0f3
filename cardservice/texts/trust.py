"""What is said about the chip, the data and who signed them."""

from collections.abc import Mapping

from cardservice.domain.verdict import Reason
from cardservice.texts.phrases import EXCHANGE, LOOK_UP, PRESENT_AGAIN, REFUSE, Phrase

CHIP: Mapping[Reason, Phrase] = {
    Reason.CHIP_PROVED: Phrase("The chip is genuine."),
    Reason.CHIP_COPIED: Phrase(
        "The chip did not prove itself genuine: the card may be a copy.", REFUSE
    ),
    Reason.CHIP_KEY_NOT_VOUCHED: Phrase(
        "The signature on the card does not vouch for this chip.", REFUSE
    ),
    Reason.CHIP_NOT_ASKED: Phrase(
        "The files came without the card, so the chip could not prove itself genuine.",
        "Read the card itself; files alone do not show that it is no copy.",
    ),
}

DATA: Mapping[Reason, Phrase] = {
    Reason.DATA_INTACT: Phrase("The data are signed and unchanged."),
    Reason.SECURITY_OBJECT_MALFORMED: Phrase("The signature file on the card is damaged.", REFUSE),
    Reason.SIGNATURE_WRONG: Phrase("The signature on the card is wrong.", REFUSE),
    Reason.DATA_ALTERED: Phrase("The data were changed after they were signed.", REFUSE),
    Reason.DATA_NOT_COVERED: Phrase("The card holds data that nobody signed.", REFUSE),
    Reason.DATA_REPEATED: Phrase("One field is on the card twice.", REFUSE),
    Reason.OBJECT_MISSING: Phrase("Part of the signed data is missing from the card.", REFUSE),
    Reason.CARD_ACCESS_DIFFERS: Phrase(
        "The card's access file differs from the signed one.", REFUSE
    ),
    Reason.CONTENT_MALFORMED: Phrase("The data on the card are damaged.", EXCHANGE),
    Reason.NO_TRUST_LAYER: Phrase(
        "The card carries no signature that can be checked: nothing proves its data.", LOOK_UP
    ),
    Reason.TRUST_LAYER_REMOVED: Phrase(
        "The signature that belongs on this card has been removed.", REFUSE
    ),
}

SIGNER: Mapping[Reason, Phrase] = {
    Reason.SIGNER_GOOD: Phrase("The signer is trusted."),
    Reason.SIGNER_UNKNOWN: Phrase(
        "It is not known who signed this card.",
        "Update the list of trusted signers, or look the policy up in the register.",
    ),
    Reason.SIGNER_EXPIRED: Phrase("The signer's certificate has expired.", EXCHANGE),
    Reason.SIGNER_REVOKED: Phrase("The signer's certificate has been revoked.", REFUSE),
    Reason.SIGNER_OUT_OF_USAGE_PERIOD: Phrase(
        "The card was signed at a time when the signer had no right to sign.", REFUSE
    ),
    Reason.SIGNER_NOT_ALLOWED: Phrase("This signer has no right to sign policies.", REFUSE),
    Reason.REVOCATIONS_UNAVAILABLE: Phrase(
        "There is no list of revoked certificates to check against.", PRESENT_AGAIN
    ),
    Reason.REVOCATIONS_STALE: Phrase(
        "The list of revoked certificates is out of date.",
        "Update the list and present the card again.",
    ),
    Reason.TEST_CARD: Phrase(
        "This is a demonstration card, not a real policy.", "Ask for the real policy."
    ),
}

TERMINAL: Mapping[Reason, Phrase] = {
    Reason.TERMINAL_NOT_NEEDED: Phrase("The card can be read here without special permission."),
    Reason.TERMINAL_AUTHENTICATED: Phrase("The card let this desk in by its certificate."),
    Reason.OPENED_WITH_CAN: Phrase("The card was opened with the number printed on it."),
    Reason.PROTOCOL_NOT_RUN: Phrase(
        "A check that this desk insists on did not take place.", LOOK_UP
    ),
}
