"""Cards without trust layer, cards that are no policies, cards torn out of their station."""

from typing import Final

from simulators.card import answer_to_reset
from simulators.card.apdu import INS
from simulators.card.field import EndOfFile
from simulators.card.foreign import BankCard, MuteCard, RandomCard
from simulators.zoo.entries import (
    REFUSED,
    Judged,
    Way,
    ZooEntry,
    invalid,
    no_verdict,
    on_contact,
    unasked,
    undecided,
)
from simulators.zoo.photo import made_up_photo
from simulators.zoo.recipes import Foreign, InField, Torn
from simulators.zoo.transit import TransitCard
from simulators.zoo.wishes import Wish

_SEED: Final = 1
_MORE_BLOCKS, _LAST_BLOCK = 0x08, 0x88
_UNTOLD: Final = on_contact(undecided("no-trust-layer"))


def _first(name: str, about: str, wish: Wish) -> ZooEntry:
    atr = answer_to_reset.FIRST_GENERATION
    recipe = InField(atr=atr, end_of_file=EndOfFile.WARNING, wish=wish)
    return ZooEntry(name=name, about=about, judged=_UNTOLD, recipe=recipe)


def _second(name: str, about: str, wish: Wish) -> ZooEntry:
    atr = answer_to_reset.SECOND_GENERATION
    recipe = InField(atr=atr, end_of_file=EndOfFile.EXACT_LENGTH, get_response=True, wish=wish)
    return ZooEntry(name=name, about=about, judged=_UNTOLD, recipe=recipe)


def _torn(name: str, about: str, judged: Judged, torn: Torn) -> ZooEntry:
    return ZooEntry(name=f"torn-{name}", about=about, judged=unasked(judged), recipe=torn)


_HALF_MADE: Final = invalid("card-not-personalized")

IN_FIELD: Final = (
    _first("field-first", "First generation, 6282 at the end of a file.", Wish()),
    _first("field-first-photo", "The same with a photo.", Wish(photo=made_up_photo())),
    _second("field-second", "Second generation, 61xx and 6Cxx.", Wish()),
    _second("field-second-photo", "The same with a photo.", Wish(photo=made_up_photo())),
)

FOREIGN: Final = (
    ZooEntry(
        name="bank",
        about="A payment card: it has its payment directory and no policy.",
        judged=on_contact(no_verdict("not-a-policy-card")),
        recipe=Foreign(BankCard),
    ),
    ZooEntry(
        name="transit",
        about="A transport card: 91xx to its own class of commands, 6E00 to all others.",
        judged=on_contact(no_verdict("not-a-policy-card")),
        recipe=Foreign(TransitCard),
    ),
    ZooEntry(
        name="random",
        about="Random answers, half of them ending in 9000; the same ones every time.",
        judged=_UNTOLD,
        recipe=Foreign(lambda: RandomCard(_SEED)),
    ),
    ZooEntry(
        name="mute",
        about="It answers to reset and then never again.",
        judged=on_contact(no_verdict("card-removed")),
        recipe=Foreign(MuteCard),
    ),
)

TORN: Final = (
    _torn(
        "after-open",
        "After the first EXTERNAL AUTHENTICATE: still under transport keys.",
        _HALF_MADE,
        Torn(ins=INS.EXTERNAL_AUTHENTICATE),
    ),
    _torn(
        "after-keys",
        "After PUT KEY: under the issuer's keys, and nothing else.",
        _HALF_MADE,
        Torn(ins=INS.PUT_KEY),
    ),
    _torn(
        "after-reopen",
        "After the second EXTERNAL AUTHENTICATE.",
        _HALF_MADE,
        Torn(ins=INS.EXTERNAL_AUTHENTICATE, times=2),
    ),
    _torn(
        "after-chip-key",
        "After GENERATE ASYMMETRIC KEY PAIR.",
        _HALF_MADE,
        Torn(ins=INS.GENERATE_ASYMMETRIC_KEY_PAIR),
    ),
    _torn(
        "in-data",
        "After the third block of STORE DATA: none of the data is there.",
        _HALF_MADE,
        Torn(ins=INS.STORE_DATA, p1=_MORE_BLOCKS, times=3),
    ),
    _torn(
        "after-data",
        "After the last block of STORE DATA, before SET STATUS: it has all data and is blank.",
        _HALF_MADE,
        Torn(ins=INS.STORE_DATA, p1=_LAST_BLOCK),
    ),
    ZooEntry(
        name="torn-after-status",
        about="After SET STATUS, before the station read it back: whole, and nobody knows of it.",
        judged={
            Way.CONTACT: undecided("card-unknown"),
            Way.TAP: undecided("card-unknown"),
            Way.TAP_UNKNOWN: REFUSED,
        },
        recipe=Torn(ins=INS.SET_STATUS),
    ),
)
