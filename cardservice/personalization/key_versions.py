"""Versions of the keys that a card has: the card maker's one, and the issuer's, one a rollover."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from cardservice.errors import UsageError

TRANSPORT_KEY_VERSION: Final = 0x30
FIRST_ISSUER_KEY_VERSION: Final = 0x31
LAST_KEY_VERSION: Final = 0x7F
_SPELLED: Final = re.compile(r"[0-9A-Fa-f]{2}")  # as card.md writes them
_BASE: Final = 16


def spell_version(version: int) -> str:
    """Return a key version as people write it: two hexadecimal digits, capitals."""
    return f"{version:02X}"


def parse_version(text: str) -> int:
    """Return the issuer's key version that ``text`` names; raises UsageError if it names none."""
    return require_issuer_version(int(text, _BASE) if _SPELLED.fullmatch(text) else 0)


def require_issuer_version(version: int) -> int:
    """Return ``version``; raises UsageError unless an issuer may have it, 31 to 7F.

    Source: card.md §6: 30 is the card maker's, and 01 to 7F are what PUT KEY takes.
    """
    if not FIRST_ISSUER_KEY_VERSION <= version <= LAST_KEY_VERSION:
        raise UsageError("a key version of the issuer is 31 to 7F, hexadecimal")
    return version


def in_order_of_trial(current: int, others: Iterable[int]) -> tuple[int, ...]:
    """Return all versions: the current one, which most cards have, then from the newest on."""
    return (current, *sorted(others, reverse=True))


def next_version(current: int, known: Collection[int], retired: Collection[int]) -> int:
    """Return the version that a rollover makes current.

    A master that is there and newer than the current one was made by a rollover that was
    interrupted, or that a restored home forgot: it is taken up, because cards may have it.

    Args:
        current: now.
        known: versions whose master is in the store.
        retired: versions that are opened no more; they never become current.

    Raises:
        UsageError: 7F is used.
    """
    waiting = [one for one in known if one > current and one not in retired]
    if waiting:
        return max(waiting)
    newest = max(current, *known, *retired)
    if newest >= LAST_KEY_VERSION:
        raise UsageError("no key version is left after 7F; this issuer's cards need another scheme")
    return newest + 1
