"""Why a card that its holder has is left as it is: the refusals of work after issue."""

from collections.abc import Mapping
from typing import Final

from cardservice.channel.card_management import LifeCycle
from cardservice.errors import Refusal
from cardservice.verify.examination import Problem


class WrongCodeError(Refusal):
    """The holder typed a PIN or PUK that is not the card's, or all tries of it are used up.

    Attributes:
        tries_left: how often it may be typed still, 0 to 15; 0: it is blocked.
    """

    def __init__(self, code: str, sentence: str, tries_left: int) -> None:
        super().__init__(code, sentence)
        self.tries_left = tries_left


def wrong_code(name: str, tries_left: int) -> WrongCodeError:
    """Return ``pin-wrong`` or ``puk-wrong``, with no tries left ``pin-blocked``, ``puk-blocked``.

    Args:
        name: ``pin`` or ``puk``.
        tries_left: as the card says.
    """
    word = name.upper()
    if tries_left:
        sentence = f"This is not the card's {word}; it may be typed {tries_left} times more."
        return WrongCodeError(f"{name}-wrong", sentence, tries_left)
    return WrongCodeError(f"{name}-blocked", f"All tries of the {word} are used up.", 0)


def needed(name: str, who: str) -> Refusal:
    """Return ``pin-needed``, ``puk-needed``, ``new-pin-needed`` or ``can-needed``."""
    word = name.replace("-", " ").upper().replace("NEW", "new")
    return Refusal(f"{name}-needed", f"The {word} is needed; {who}.", field=name)


def code_malformed(name: str, lengths: str) -> Refusal:
    """Return ``code-malformed``: what was typed can be no PIN, PUK or CAN, so no card was asked."""
    word = name.replace("_", " ").upper().replace("NEW", "new")
    return Refusal("code-malformed", f"A {word} has {lengths} digits.", field=name)


def other_card() -> Refusal:
    """Return ``other-card``; nothing was written."""
    return Refusal(
        "other-card", "This is not the card that the order is for; put that one in instead."
    )


def foreign_card() -> Refusal:
    """Return ``held-card-foreign``: no card that proves to be a policy card."""
    return Refusal("held-card-foreign", "This is no policy card with an issuer's signature.")


def state_refusal(life_cycle: int) -> Refusal:
    """Return why a card in that state of its life is not worked on."""
    code, sentence = _STATES.get(
        life_cycle, ("held-card-broken", "The card names a state of its life that nobody knows.")
    )
    return Refusal(code, sentence)


def problem_refusal(problem: Problem | None) -> Refusal:
    """Return why a card that could not be read is not worked on."""
    code, sentence = _PROBLEMS.get(problem, ("held-card-broken", _BROKEN))
    return Refusal(code, sentence)


def broken_card() -> Refusal:
    """Return ``held-card-broken``: an answer that no card of ours gives."""
    return Refusal("held-card-broken", _BROKEN)


def untrusted(code: str, reason: str) -> Refusal:
    """Return why a card is not believed, with the reason of the check that it failed."""
    return Refusal(code, f"{_NOT_BELIEVED[code]} ({reason}).")


def keys_differ() -> Refusal:
    """Return ``held-card-keys``: the card does not answer to the issuer's keys."""
    return Refusal(
        "held-card-keys", "The card does not answer to this issuer's keys; nothing was written."
    )


def contact_needed() -> Refusal:
    """Return ``contact-needed``: a card in use takes the issuer's keys on its contacts only."""
    return Refusal(
        "contact-needed",
        "The card wants a contact reader for this; put it into one. "
        "If it is in one, its keys were used too often and it has to be replaced.",
    )


def twin_of_held() -> Refusal:
    """Return ``held-card-twin``: the journal knows the number, or the chip, of another card."""
    return Refusal(
        "held-card-twin",
        "The station's journal knows another card of this number, or another number of this chip; "
        "keep the card and ask its issuer.",
    )


def spoiled_held() -> Refusal:
    """Return ``held-card-spoiled``: the card counts as spoiled and should be in nobody's hands."""
    return Refusal("held-card-spoiled", "This card counts as spoiled at this station; destroy it.")


def changed_since() -> Refusal:
    """Return ``held-card-changed``: another record was written after this order was begun."""
    return Refusal(
        "held-card-changed",
        "Something else was written to this card after the order was begun; "
        "ask the registry what the card should say.",
    )


def clock_behind() -> Refusal:
    """Return ``clock-behind-card``: the card was signed at a time that is not yet."""
    return Refusal(
        "clock-behind-card",
        "What is on the card was signed later than this station's clock says it is now; "
        "set the clock, or ask who signed it.",
    )


def refused_by_card() -> Refusal:
    """Return ``held-card-refused``: the card took nothing and shows what it showed before."""
    return Refusal("held-card-refused", "The card refused the change; it is as it was before.")


def not_as_ordered(what: str) -> Refusal:
    """Return ``held-card-not-as-ordered``: the card was written to and shows something else."""
    return Refusal(
        "held-card-not-as-ordered",
        f"After the change the card does not show what was ordered ({what}); put it in again.",
    )


def served_before() -> Refusal:
    """Return ``service-done``: the order was done and told of."""
    return Refusal("service-done", "This order was done before; it is not done twice.")


_BROKEN: Final = "The card answered as no policy card may; try once more, or replace the card."
_STATES: Final[Mapping[int, tuple[str, str]]] = {
    LifeCycle.BLANK: ("held-card-blank", "This card is blank; put in the one its holder has."),
    LifeCycle.BLOCKED: (
        "held-card-blocked",
        "This card is blocked; the issuer has to unblock it before anything is done to it.",
    ),
    LifeCycle.TERMINATED: (
        "held-card-terminated",
        "This card is terminated and tells no more whose it was; its holder needs a new card.",
    ),
}
_PROBLEMS: Final[Mapping[Problem | None, tuple[str, str]]] = {
    Problem.NOT_A_POLICY_CARD: ("held-card-foreign", "This is no policy card."),
    Problem.ACCESS_REFUSED: (
        "can-needed",
        "The card shows nothing without the six digits printed on it; type them.",
    ),
    Problem.CAN_WRONG: ("can-wrong", "These are not the six digits printed on the card."),
}
_NOT_BELIEVED: Final[Mapping[str, str]] = {
    "held-card-not-genuine": "The chip does not prove to be the issuer's; keep the card",
    "held-card-altered": "The data on the card are not what was signed; keep the card",
    "held-card-signer": "The card's signer is not trusted now",
}
