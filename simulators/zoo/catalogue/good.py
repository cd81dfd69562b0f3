"""Cards with nothing wrong, and cards whose time or whose life is over."""

from dataclasses import replace
from typing import Final

from simulators.zoo.entries import (
    REFUSED,
    VALID,
    Judged,
    Way,
    ZooEntry,
    everywhere,
    invalid,
    unasked,
    undecided,
)
from simulators.zoo.photo import made_up_photo
from simulators.zoo.recipes import Blank, Made
from simulators.zoo.wishes import Person, Wish

_FAR: Final = "2099-12-31"
_PAST: Final = "2025-01-31"
_NAME_LENGTH, _PLACE_LENGTH, _COUNTRY_LENGTH = 60, 150, 100
LARGEST_PHOTO: Final = 22_528
"""Octets: the owner EF's 24,576 less 2,048 for the texts."""

_LONGEST_PERSON: Final = Person(
    surname="Щ" * _NAME_LENGTH,
    given_name="Ж" * _NAME_LENGTH,
    patronymic="Ю" * _NAME_LENGTH,
    sex="female",
    birth_date="1961-12-31",
    birth_place="Ы" * _PLACE_LENGTH,
    citizenship=("Я" * 10, "Ё" * _COUNTRY_LENGTH),
)
_LONGEST: Final = Wish(person=_LONGEST_PERSON, end_date=_FAR, expiry=_FAR, next_insurer="longest")
_MINIMAL: Final = Wish(
    person=Person(
        surname="О",
        given_name="Я",
        patronymic=None,
        sex="male",
        birth_date="2001-01-01",
        birth_place=None,
        citizenship=None,
    ),
    has_snils=False,
    issue_date=False,
)


def _made(name: str, about: str, judged: Judged, wish: Wish) -> ZooEntry:
    return ZooEntry(name=name, about=about, judged=everywhere(judged), recipe=Made(wish))


def _with_photo(name: str, about: str, wish: Wish) -> ZooEntry:
    judged = {**everywhere(VALID), Way.CONTACT_PHOTO: VALID}
    return ZooEntry(name=name, about=about, judged=judged, recipe=Made(wish))


VALID_CARDS: Final = (
    _made("valid", "Nothing is wrong with it.", VALID, Wish()),
    _with_photo("valid-with-photo", "With a photo of 12,000 octets.", Wish(photo=made_up_photo())),
    _made("valid-without-photo", "Another good card; nobody took a photo.", VALID, Wish()),
    ZooEntry(
        name="valid-protected",
        about="Profile protected: on contact too it asks for a terminal or the CAN.",
        judged={**everywhere(VALID), Way.CONTACT: REFUSED, Way.CONTACT_ENROLLED: VALID},
        recipe=Made(Wish(profile="protected")),
    ),
    ZooEntry(
        name="valid-private",
        about="Profile private: without the CAN it tells nothing, to an enrolled desk neither.",
        judged={
            **everywhere(REFUSED),
            Way.CONTACT_ENROLLED: REFUSED,
            Way.CONTACT_CAN: VALID,
            Way.TAP_CAN: VALID,
        },
        recipe=Made(Wish(profile="private")),
    ),
    _made(
        "insurer-changed",
        "A second insurer record; the first is history.",
        VALID,
        Wish(next_insurer="usual"),
    ),
    _made("minimal", "Every field that may be absent is.", VALID, _MINIMAL),
    _made(
        "longest-texts",
        "Names of 60, a birth place of 150 Cyrillic characters; an insurer file of 2,048 octets.",
        VALID,
        _LONGEST,
    ),
    _with_photo(
        "longest-with-photo",
        "The same with the largest photo, 22,528 octets.",
        replace(_LONGEST, photo=made_up_photo(LARGEST_PHOTO)),
    ),
)

NOT_IN_FORCE: Final = (
    _made(
        "expired",
        "The policy ran out on 31.01.2025.",
        invalid("policy-expired"),
        Wish(expiry=_PAST),
    ),
    _made(
        "insurance-ended",
        "The insurance ended on 31.01.2025.",
        invalid("insurer-ended"),
        Wish(end_date=_PAST),
    ),
    _made(
        "insurance-not-started",
        "The insurance begins on 31.12.2099.",
        invalid("insurer-not-started"),
        Wish(start_date=_FAR),
    ),
    _made(
        "superseded",
        "Signed a day before a later card of the same holder.",
        invalid("superseded"),
        Wish(superseded=True),
    ),
)

STOPPED: Final = (
    ZooEntry(
        name="blank",
        about="As the factory delivers it, with the published transport keys.",
        judged=unasked(invalid("card-not-personalized")),
        recipe=Blank(),
    ),
    ZooEntry(
        name="blocked",
        about="Blocked by the issuer's command; the register knows too.",
        judged=unasked(invalid("card-blocked")),
        recipe=Made(Wish(life_cycle="blocked", status="blocked")),
    ),
    ZooEntry(
        name="terminated",
        about="Terminated by the issuer's command: keys, secrets and files are gone.",
        judged=unasked(invalid("card-terminated")),
        recipe=Made(Wish(life_cycle="terminated", status="terminated")),
    ),
    _made(
        "blocked-in-register",
        "Reported lost: only the register knows that it is blocked.",
        invalid("card-blocked"),
        Wish(status="blocked"),
    ),
    _made(
        "terminated-in-register",
        "Exchanged: only the register knows that its life is over.",
        invalid("card-terminated"),
        Wish(status="terminated"),
    ),
    ZooEntry(
        name="not-in-register",
        about="Well made and signed, and the register has never heard of it.",
        judged=everywhere(undecided("card-unknown")),
        recipe=Made(Wish(status="unknown")),
    ),
)

SIGNERS: Final = (
    _made(
        "revoked-signer",
        "Signed with a key that the revocation list names.",
        invalid("signer-revoked"),
        Wish(signer="revoked"),
    ),
    ZooEntry(
        name="unknown-signer",
        about="Signed under a root that nobody here trusts, with the same terminal authority.",
        judged=everywhere(undecided("signer-unknown")),
        recipe=Made(Wish(signer="unknown", status="unknown")),
    ),
)
