"""Newer keys for a card that its holder has, when it comes by for some work."""

from enum import StrEnum, unique

from cardservice.errors import LinkError, PeerError, Refusal
from cardservice.personalization.after_issue_visit import Visit
from cardservice.pki.keys import KeyStoreError


@unique
class KeyRenewal(StrEnum):
    """What became of a held card's keys in one visit."""

    NOT_NEEDED = "not-needed"
    DONE = "done"
    PUT_OFF = "put-off"
    """It failed, or could not be tried; the card has the old keys or the new ones, and the next
    visit sees which."""


def renew_keys(visit: Visit, chip: bytes) -> KeyRenewal:
    """Give the card with that chip serial the issuer's current keys, if its own are older.

    It comes after the work, which is done and on the card: so nothing that fails here may take
    the work back, or the letter that goes with it.
    """
    if not visit.may_have_old_keys:
        return KeyRenewal.NOT_NEEDED
    try:
        renewed = visit.renew_keys(chip)
    except (PeerError, LinkError, Refusal, KeyStoreError):
        return KeyRenewal.PUT_OFF
    return KeyRenewal.DONE if renewed else KeyRenewal.NOT_NEEDED
