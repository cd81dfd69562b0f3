"""Recovery codes: for the day the telephone is lost, each good once."""

from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest
from typing import Final
from uuid import UUID

from cardservice.accounts.dice import Dice

CODES: Final = 10
CODE_OCTETS: Final = 10  # 80 bits: a plain hash of it cannot be searched through
CODE_MAX: Final = 32  # characters typed, with blanks and hyphens
_GROUP: Final = 4
# RFC 4648 base32 has no 0, 1, 8; who types one means the letter that looks like it.
_LOOKALIKES: Final = str.maketrans("018", "OIB", " -")


def draw_codes(dice: Dice) -> tuple[str, ...]:
    """Return ten new codes, each 16 base32 letters in groups of four."""
    return tuple(_grouped(b32encode(dice(CODE_OCTETS)).decode()) for _ in range(CODES))


def hash_code(account: UUID, code: str) -> bytes:
    """Return the 32 octets under which a code of that account is stored."""
    plain = code[:CODE_MAX].upper().translate(_LOOKALIKES)
    return sha256(account.bytes + plain.encode("utf-8", "replace")).digest()


def spend(account: UUID, code: str, left: Iterable[bytes]) -> tuple[bytes, ...] | None:
    """Return the codes that are left after this one; None: it is none of them."""
    given, before = hash_code(account, code), tuple(left)
    after = tuple(one for one in before if not compare_digest(one, given))
    return after if len(after) < len(before) else None


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
