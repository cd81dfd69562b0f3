"""Which passwords are taken. Length counts, not a mixture of kinds of characters.

Source: NIST SP 800-63B-4, section 3.1.1.2 (length, blocklist, no composition rules); the list
and its folding are this project's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cardservice.accounts.passwords import PASSWORD_MAX, prepare
from cardservice.errors import Refusal

# What people begin with when they must think of something long. A password that is one of
# these, repeated, joined with another, or with digits and marks around it, is common.
_WORDS: Final = (
    *("password", "passwort", "passphrase", "pass", "secret", "welcome", "letmein", "changeme"),
    *("admin", "administrator", "root", "user", "guest", "test", "demo", "login", "default"),
    *("policy", "insurance", "medical", "clinic", "hospital", "doctor", "card", "office", "clerk"),
    *("iloveyou", "sunshine", "dragon", "monkey", "football", "superman", "master", "hello"),
    *("пароль", "секрет", "привет", "админ", "полис", "страховка", "больница", "клиника"),
    *("доктор", "москва", "россия", "любовь", "солнышко", "наташа", "марина", "максим"),
    *("parol", "privet", "polis", "moskva", "rossiya", "solnyshko"),
    *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
    *("november", "december", "winter", "spring", "summer", "autumn", "зима", "весна", "лето"),
    *("осень", "январь", "февраль", "апрель", "август", "сентябрь", "октябрь", "ноябрь"),
)
_ROWS: Final = (
    *("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ"),
    *("ячсмитьбю", "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    *("1qaz2wsx3edc4rfv5tgb", "1q2w3e4r5t6y7u8i9o0p", "1й2ц3у4к5е6н7г8ш9щ0з"),
)
_LEET: Final = str.maketrans("013457@$!", "oieastasi")
_RUN: Final = 4  # neighbours on a row that make a run; shorter ones stand in real words
_MIN_KINDS: Final = 5  # different characters


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """Bounds of a new password.

    Attributes:
        least: characters at least; 800-63B-4 asks for 15 where a password is all there is and
            8 with a second factor; 12 is this project's own middle.
    """

    least: int = 12

    def accept(self, password: str, *, near: Iterable[str] = ()) -> str:
        """Return the password in the form that is hashed.

        Args:
            password: as typed.
            near: what it must not be made of: the account's name.

        Raises:
            Refusal: ``password-characters``, ``password-too-short``, ``password-too-long`` or
                ``password-common``.
        """
        if len(password) > PASSWORD_MAX:
            raise _refusal("too-long", f"A password has at most {PASSWORD_MAX} characters.")
        if len(password) < self.least:
            raise _refusal("too-short", f"A password has at least {self.least} characters.")
        prepared = prepare(password)
        if prepared is None:
            raise _refusal("characters", "A password cannot hold control characters.")
        if is_common(prepared, near=near):
            raise _refusal("common", "This password is easily guessed. Choose unrelated words.")
        return prepared


def _refusal(code: str, sentence: str) -> Refusal:
    return Refusal(f"password-{code}", sentence, field="new_password")


def is_common(password: str, *, near: Iterable[str] = ()) -> bool:
    """Return whether only a few letters are left when guessable parts are taken out."""
    folded = password.casefold()
    if len(set(folded)) < _MIN_KINDS:
        return True
    words = (*_WORDS, *(one.casefold() for one in near if len(one) >= _RUN))
    return any(_rest(one, words) < _RUN for one in (folded, folded.translate(_LEET)))


def _rest(text: str, words: Iterable[str]) -> int:
    text = _without_runs(text)
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    return sum(one.isalpha() for one in text)


def _without_runs(text: str) -> str:
    """Return ``text`` with runs along a row of keys or letters, either way, blanked."""
    for row in (*_ROWS, *(one[::-1] for one in _ROWS)):
        follows = set(pairwise(row))
        start = 0
        while start < len(text):
            end = start + 1
            while end < len(text) and (text[end - 1], text[end]) in follows:
                end += 1
            if end - start >= _RUN:
                text = text[:start] + " " * (end - start) + text[end:]
            start = end
    return text
