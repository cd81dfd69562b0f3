"""Codes that a desk is enrolled with: 60 bits a person can read out, good once for a day.

The alphabet is Crockford's base 32, which has no letter that looks like a digit; who types one
means the digit.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from cardservice.errors import Refusal

CODE_KEPT: Final = timedelta(hours=24)  # good for so long; this project's own
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN_OCTETS: Final = 8
_LETTERS: Final = 12
_GROUP: Final = 4
_BITS: Final = 5  # of a letter
_MEANT: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN: Final = str.maketrans("", "", "- ")
_LONGEST: Final = 40  # characters of a code as typed, with whatever stands between


def code_of(drawn: bytes) -> str:
    """Return the code ``XXXX-XXXX-XXXX`` of 8 random octets."""
    number = int.from_bytes(drawn)
    letters = (ALPHABET[number >> _BITS * place & (1 << _BITS) - 1] for place in range(_LETTERS))
    code = "".join(letters)
    return "-".join(code[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def code_hash(typed: str) -> bytes:
    """Return the 32 octets under which a code is kept, in whatever case and groups it was typed.

    Raises:
        Refusal: ``enrolment-code-wrong``: it cannot be one.
    """
    if len(typed) > _LONGEST:
        raise wrong_code()
    letters = typed.translate(_BETWEEN).upper().translate(_MEANT)
    if len(letters) != _LETTERS or not set(letters) <= set(ALPHABET):
        raise wrong_code()
    return sha256(letters.encode("ascii")).digest()


def wrong_code() -> Refusal:
    """Return the one answer to a code that there is not, that is over, or that was used."""
    sentence = "This code enrols no desk: it is wrong, used or older than a day; ask for another."
    return Refusal("enrolment-code-wrong", sentence, field="code")
