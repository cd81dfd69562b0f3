"""Every code that people meet, and what is said for it; complete by test."""

from collections.abc import Iterator, Mapping

from cardservice.domain.holder import Sex
from cardservice.domain.verdict import CheckName, Outcome, ProtocolName, Reason
from cardservice.texts import standing, trust
from cardservice.texts.demonstration import DEMONSTRATION_CARDS
from cardservice.texts.desk import desk_texts
from cardservice.texts.desk_agent import DESK_TROUBLES, FAILED
from cardservice.texts.phrases import PRESENT_AGAIN, Headline, Phrase
from cardservice.verify.examination import Problem

REASONS: Mapping[Reason, Phrase] = {
    **trust.CHIP,
    **trust.DATA,
    **trust.SIGNER,
    **trust.TERMINAL,
    **standing.CARD,
    **standing.POLICY,
    **standing.INSURER,
    **standing.COVER,
    **standing.BEARER,
    **standing.ANY,
}

CHECKS: Mapping[CheckName, str] = {
    CheckName.CHIP_GENUINE: "Chip",
    CheckName.DATA_SIGNED: "Data",
    CheckName.SIGNER_TRUSTED: "Signature",
    CheckName.TERMINAL_AUTHORISED: "Terminal",
    CheckName.CARD_NOT_BLOCKED: "Card",
    CheckName.POLICY_IN_FORCE: "Policy",
    CheckName.INSURER_CURRENT: "Insurer",
    CheckName.COVER_HERE: "Cover",
    CheckName.BEARER: "Bearer",
}

OUTCOMES: Mapping[Outcome, Headline] = {
    Outcome.VALID: Headline("Valid", "The card is genuine and the policy is in force."),
    Outcome.INVALID: Headline("Invalid", "This card must not be accepted."),
    Outcome.UNDECIDED: Headline("Undecided", "Not everything could be checked."),
}

ANSWERS: Mapping[Outcome, str] = {
    Outcome.VALID: "passed",
    Outcome.INVALID: "failed",
    Outcome.UNDECIDED: "not decided",
}

PROBLEMS: Mapping[Problem, Headline] = {
    Problem.NOT_A_POLICY_CARD: Headline(
        "Not a policy", "This is not a health-insurance policy card.", "Ask for the policy card."
    ),
    Problem.CARD_REMOVED: Headline(
        "Interrupted",
        "The card was taken away before it was read.",
        "Put it back and leave it there until the result appears.",
    ),
    Problem.CARD_MUTE: Headline(
        "No answer",
        "The card does not answer.",
        "Turn the card over or wipe its contacts, and try again.",
    ),
    Problem.CARD_TOO_SLOW: Headline(
        "Too slow",
        "The card did not answer in time.",
        "Take the card out and present it again.",
    ),
    Problem.READER_FAILED: Headline(
        "Reader fault",
        "The reader has stopped working.",
        "Unplug the reader and plug it in again.",
    ),
    Problem.CARD_UNREADABLE: Headline(
        "Unreadable",
        "The data on the card could not be read.",
        "Present the card again. If it does not help, look the policy up in the register.",
    ),
    Problem.ACCESS_REFUSED: Headline(
        "Number needed",
        "Without its number the card does not let this desk read it.",
        "Type the six digits printed on the card. "
        "If it does not help, look the policy up in the register.",
    ),
    Problem.CAN_WRONG: Headline(
        "Wrong number",
        "The number typed is not the one printed on this card.",
        "Read the six digits on the card again and type them.",
    ),
}

PROTOCOLS: Mapping[ProtocolName, str] = {
    ProtocolName.PACE: "PACE with the printed number",
    ProtocolName.CHIP_AUTHENTICATION: "chip authentication",
    ProtocolName.TERMINAL_AUTHENTICATION: "terminal authentication",
    ProtocolName.PASSIVE_AUTHENTICATION: "signature",
}

FOR_INFORMATION = "for your information"

WAITING = Headline(
    "Present the card", "Insert it or hold it to the reader. The result appears here by itself."
)
READING = Headline("Reading", "Leave the card where it is.")

SEXES: Mapping[Sex, str] = {Sex.MALE: "male", Sex.FEMALE: "female"}


def every_text() -> Iterator[str]:
    """Yield each English text of the tables; each is a key of the catalogs."""
    yield from (PRESENT_AGAIN, FOR_INFORMATION, *desk_texts())
    yield from (*CHECKS.values(), *ANSWERS.values(), *SEXES.values())
    yield from (*PROTOCOLS.values(), *DEMONSTRATION_CARDS.values())
    for headline in (*OUTCOMES.values(), *PROBLEMS.values()):
        yield headline.word
    every: tuple[Headline | Phrase, ...] = (
        *REASONS.values(),
        *OUTCOMES.values(),
        *PROBLEMS.values(),
        *DESK_TROUBLES.values(),
        FAILED,
    )
    for said in every:
        yield said.sentence
        if said.remedy is not None:
            yield said.remedy
