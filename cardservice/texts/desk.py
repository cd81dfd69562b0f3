"""What the desk says beside a verdict: of the bearer, the photo, the register asked instead."""

from collections.abc import Iterator, Mapping

from cardservice.desk.presentations import BearerCheck, Substitute
from cardservice.domain.cover import Programme
from cardservice.domain.lives import PolicyState
from cardservice.texts.phrases import Headline, Phrase

BEARERS: Mapping[BearerCheck, Headline] = {
    BearerCheck.PHOTO: Headline(
        "Bearer confirmed", "You have compared the face with the photo of the chip."
    ),
    BearerCheck.BIRTH_DATE: Headline(
        "Bearer confirmed", "The birth date stated is the one on the card."
    ),
    BearerCheck.NOT_THE_HOLDER: Headline(
        "Not the holder",
        "You have noted that the card is not in its holder's hands.",
    ),
}

PHOTOS: Mapping[str, str] = {
    "not-asked": "The photo of the chip is shown when you ask for it.",
    "coming": "The photo is being read. Leave the card where it is.",
    "shown": "Photo of the holder",
    "absent": "There is no photo on this chip that can be shown.",
    "failed": "The photo could not be read. Ask for it again, or present the card again.",
    "withheld": "This desk shows no photos. Ask for the birth date.",
}

SUBSTITUTES: Mapping[Substitute, str] = {
    Substitute.CARD_UNREADABLE: "The card cannot be read",
    Substitute.CARD_FORGOTTEN: "The person has no card here",
    Substitute.READER_BROKEN: "The reader does not work",
    Substitute.CARD_INVALID: "The card is not valid",
}

REGISTER_IN_FORCE = Headline("In force", "The register says that the policy is in force today.")
REGISTER_NOT_IN_FORCE = Headline(
    "Not in force",
    "The register says that the policy is not in force today.",
    "Advise the person to ask the insurer.",
)
REGISTER_ASKING = Headline("Asking", "The register is being asked.")
REGISTER_REFUSED = Headline("No answer", "The register did not answer the question.")
REGISTER_TOLD: Mapping[str, str] = {
    "in-force": "Register: in force",
    "not-in-force": "Register: not in force",
    "not-found": "Register: no such policy",
    "unreachable": "Register not reached",
}
"""What the register said, for the list of today."""
REGISTER_REFUSALS: Mapping[str, Phrase] = {
    "not-found": Phrase(
        "There is no policy with this number and this birth date.",
        "Read both from a document again. If it does not help, ask the insurer.",
    ),
    "register-unreachable": Phrase(
        "The register cannot be reached.",
        "Ask for the temporary certificate, call the insurer, "
        "or receive the patient now and check later.",
    ),
    "birth-date-malformed": Phrase(
        "This is no birth date.", "Type day, month and year, as in 15.05.1980."
    ),
    "enp-malformed": Phrase(
        "This is no policy number.", "Type the sixteen digits of the policy again."
    ),
}
OTHER_REFUSAL = Phrase(
    "The register did not take the question.", "Call the insurer, or try again later."
)

PAPER_VALID = Headline(
    "Valid",
    "The certificate is signed by its insurer and has not expired.",
    "Compare name and birth date with a document. Whether it was cancelled since is not known.",
)
PAPER_REFUSALS: Mapping[str, str] = {
    "statement-altered": "Do not accept it. Ask for a passport and look the policy up.",
    "statement-expired": "Ask for the policy card, or look the policy up in the register.",
    "statement-not-yet-valid": "Compare the first day it serves with today's date.",
    "statement-other-insurer": "Do not accept it. Ask for a passport and look the policy up.",
    "statement-unknown-key": "Look the policy up in the register and compare it with a passport.",
    "statement-malformed": "Hold the scanner still over the whole code and scan again.",
    "statement-too-long": "Scan the code of the temporary certificate, and only that.",
    "statement-other-type": "Scan the code of the temporary certificate.",
    "time-unknown": "Compare the computer's clock with a watch, and connect it to the network.",
}
SCAN_UNKNOWN = Headline(
    "Not understood",
    "What was scanned is neither a temporary certificate nor the number of a card.",
    "Scan the square code of the certificate, or the number of a card that asks for it.",
)

POLICY_STATES: Mapping[PolicyState, str] = {
    PolicyState.ACTIVE: "active",
    PolicyState.SUSPENDED: "suspended",
    PolicyState.CLOSED: "closed",
}
PROGRAMMES: Mapping[Programme, str] = {
    Programme.BASIC: "basic programme",
    Programme.TERRITORIAL: "territorial programme",
}


def desk_texts() -> Iterator[str]:
    """Yield each English text of these tables; each is a key of the catalogs."""
    yield from (*PHOTOS.values(), *SUBSTITUTES.values(), *PAPER_REFUSALS.values())
    yield from REGISTER_TOLD.values()
    yield "This desk does not know what day it is."
    yield from (*POLICY_STATES.values(), *PROGRAMMES.values())
    headlines = (
        *BEARERS.values(),
        REGISTER_IN_FORCE,
        REGISTER_NOT_IN_FORCE,
        REGISTER_ASKING,
        REGISTER_REFUSED,
        PAPER_VALID,
        SCAN_UNKNOWN,
    )
    for headline in headlines:
        yield headline.word
    every: tuple[Headline | Phrase, ...] = (*headlines, *REGISTER_REFUSALS.values(), OTHER_REFUSAL)
    for said in every:
        yield said.sentence
        if said.remedy is not None:
            yield said.remedy
