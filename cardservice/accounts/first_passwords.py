"""A first password: drawn, shown once, and typed from paper by its owner, who then changes it."""

from typing import Final

from cardservice.accounts.dice import Dice
from cardservice.accounts.password_rules import is_common

# Small letters and digits that nobody takes for another one: no 0, 1, i, l, o.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
LETTERS: Final = 16  # of 31 each: 79 bits, which outlasts its few days
_GROUP: Final = 4
_OCTETS: Final = 2  # a letter; of 65,536 values 2,114 fall on each, within 0.05 %
_MOST_DRAWS: Final = 20  # in a row that the rules call common; one in a million is


def draw_password(dice: Dice) -> str:
    """Return a password of 16 letters and digits in groups of four, with hyphens between.

    It is one that ``PasswordRules`` takes.
    """
    drawn = _drawn(dice)
    for _ in range(_MOST_DRAWS):
        if not is_common(drawn):
            break
        drawn = _drawn(dice)
    return drawn


def _drawn(dice: Dice) -> str:
    octets = dice(LETTERS * _OCTETS)
    numbers = (int.from_bytes(octets[at : at + _OCTETS]) for at in range(0, len(octets), _OCTETS))
    text = "".join(ALPHABET[number % len(ALPHABET)] for number in numbers)
    return "-".join(text[at : at + _GROUP] for at in range(0, LETTERS, _GROUP))
