"""What the station does with a card that lies in a reader, by what the journal says of its chip."""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto, unique
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.recovery_lives import CardLife, Standing


@unique
class Found(Enum):
    """What the card itself shows."""

    BLANK_TRANSPORT = auto()  # blank, keys of its maker
    BLANK_ISSUER = auto()  # blank, the issuer's keys
    PERSONALIZED = auto()


@unique
class Action(StrEnum):
    MAKE = "make"
    FINISH = "finish"  # new secrets, check
    END = "end"  # it counts as spoiled: terminate it
    REFUSE_USED = "refuse-used"
    REFUSE_TWIN = "refuse-twin"


_MAKE, _FINISH, _END = Action.MAKE, Action.FINISH, Action.END
_USED, _TWIN = Action.REFUSE_USED, Action.REFUSE_TWIN

ACTIONS: Final[Mapping[Standing | None, tuple[Action, Action, Action]]] = {
    None: (_MAKE, _MAKE, _USED),
    Standing.SEEN: (_MAKE, _MAKE, _USED),
    Standing.KEYED: (_TWIN, _MAKE, _USED),
    Standing.KEY_MADE: (_TWIN, _MAKE, _USED),
    Standing.STORED: (_TWIN, _MAKE, _FINISH),
    Standing.FINALIZED: (_TWIN, _TWIN, _FINISH),
    Standing.VERIFIED: (_TWIN, _TWIN, _FINISH),
    Standing.MADE: (_TWIN, _TWIN, _FINISH),
    Standing.SPOILED: (_END, _END, _END),
    Standing.ENDED: (_TWIN, _TWIN, _TWIN),
}
"""Where the chip stands → what to do with a card found in each way, in the order of ``Found``.

No card goes back from the issuer's keys to its maker's, from personalized to blank, or from
terminated to anything: one that seems to is another card with the same serial number.
"""


def action_for(life: CardLife | None, found: Found) -> Action:
    """Return what to do with a card of that life, found so."""
    if life is None:
        return ACTIONS[None][list(Found).index(found)]
    action = ACTIONS[life.standing][list(Found).index(found)]
    if action is Action.FINISH and life.standing is Standing.MADE and life.reported:
        return Action.REFUSE_USED
    return action


def twin(chip: bytes) -> Refusal:
    """Return the refusal ``chip-serial-twice``."""
    return Refusal(
        "chip-serial-twice",
        f"Another card with the chip serial {chip.hex().upper()} was here already; "
        "lay this one aside and ask its maker.",
    )


def spoiled_card(chip: bytes) -> Refusal:
    """Return the refusal ``card-spoiled``: the card was ended just now."""
    return Refusal(
        "card-spoiled",
        f"The card {chip.hex().upper()} counts as spoiled; its chip is erased now. "
        "Put it into the error bin and take a blank one.",
    )


def order_elsewhere(holder: CardLife) -> Refusal:
    """Return the refusal ``order-on-another-card``."""
    return Refusal(
        "order-on-another-card",
        f"The order is on the card {holder.chip.hex().upper()} already. {holder.finding.need} "
        "If that card is lost or broken, give it up first.",
    )


def order_made() -> Refusal:
    """Return the refusal ``order-made``."""
    return Refusal("order-made", "A card was made for this order; it is not made twice.")


def number_used() -> Refusal:
    """Return the refusal ``card-number-used``."""
    return Refusal(
        "card-number-used",
        "Another chip was given this place in the status list; the order needs a new one.",
    )


def in_hand() -> Refusal:
    """Return the refusal ``in-hand``."""
    return Refusal("in-hand", "Another lane is at work on this order or this card.")
