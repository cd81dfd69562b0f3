"""What is said about the card's status, the policy, the insurer, the cover and the bearer."""

from collections.abc import Mapping

from cardservice.domain.verdict import Reason
from cardservice.texts.phrases import LOOK_UP, Phrase

CARD: Mapping[Reason, Phrase] = {
    Reason.CARD_ACTIVE: Phrase("The card is not blocked."),
    Reason.CARD_BLOCKED: Phrase(
        "The card is blocked.",
        "Do not accept the card. The holder can learn the reason from the insurer.",
    ),
    Reason.CARD_TERMINATED: Phrase(
        "The card has been taken out of use for good.",
        "Ask for the new card, or look the policy up in the register.",
    ),
    Reason.CARD_NOT_PERSONALIZED: Phrase(
        "The card is blank: there is no policy on it.", "Ask for the holder's own card."
    ),
    Reason.CARD_UNKNOWN: Phrase("The register does not know this card.", LOOK_UP),
    Reason.CARD_NOT_LISTED: Phrase("The status list says nothing of this card.", LOOK_UP),
    Reason.REGISTER_UNREACHABLE: Phrase(
        "The register cannot be reached.",
        "Ask for the temporary certificate, call the insurer, "
        "or receive the patient now and check later.",
    ),
}

POLICY: Mapping[Reason, Phrase] = {
    Reason.POLICY_GOOD: Phrase("The policy is in force."),
    Reason.POLICY_UNKNOWN: Phrase("The register does not know this policy.", LOOK_UP),
    Reason.POLICY_BY_LIST: Phrase(
        "The policy was in force when the status list was made: the cards of a policy that ends "
        "are taken off it."
    ),
    Reason.POLICY_NOT_LISTED: Phrase(
        "The status list says nothing of the policy of this card.", LOOK_UP
    ),
    Reason.POLICY_EXPIRED: Phrase(
        "The policy has expired.", "Advise the holder to renew the policy with the insurer."
    ),
}

INSURER: Mapping[Reason, Phrase] = {
    Reason.INSURER_GOOD: Phrase("The insurer on the card is the current one."),
    Reason.INSURER_NOT_STARTED: Phrase(
        "The insurance has not started yet.",
        "Compare the start date with today's, and look the policy up in the register.",
    ),
    Reason.INSURER_ENDED: Phrase(
        "The insurance with this insurer has ended.",
        "Look the policy up in the register: the insurer may be another one now.",
    ),
    Reason.INSURER_AS_SIGNED: Phrase(
        "The insurer is the one of the day the record was signed; a status list knows no insurers.",
        "Ask the register before you bill, as soon as it can be reached.",
    ),
    Reason.SUPERSEDED: Phrase(
        "The register has a newer record: this card is out of date.",
        "Ask for the newer card, or look the policy up in the register.",
    ),
}

COVER: Mapping[Reason, Phrase] = {
    Reason.COVER_TERRITORIAL: Phrase("A policy of this region: the territorial programme applies."),
    Reason.COVER_BASIC: Phrase("A policy of another region: only the basic programme applies."),
}

BEARER: Mapping[Reason, Phrase] = {
    Reason.BEARER_NOT_CONFIRMED: Phrase(
        "A chip cannot prove whose hands it is in.", "Check the face or ask for the birth date."
    ),
}

ANY: Mapping[Reason, Phrase] = {
    Reason.TIME_UNKNOWN: Phrase(
        "This desk does not know what time it is.",
        "Set the computer's clock, or connect it to the network. "
        "Until then look the policy up in the register.",
    ),
    Reason.KNOWLEDGE_TOO_OLD: Phrase(
        "What this desk knows is too old to decide by.",
        "Connect the computer to the network. Until then call the insurer, "
        "or receive the patient now and check later.",
    ),
    Reason.NOT_READ: Phrase("It was not read, so it was not checked."),
}
