"""The form of a name that is searched by and compared: one for all ways of writing it.

``Ё`` and ``е``, capitals and small letters, every hyphen and every blank are the same; marks
that people leave out (apostrophes, accents) or cannot see are left out. It is kept beside a name,
never shown.
"""

from typing import Final
from unicodedata import category, normalize

_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES: Final = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07"
_FOLDED: Final = str.maketrans(
    {
        **dict.fromkeys(_HYPHENS, " "),
        **dict.fromkeys(_APOSTROPHES, None),
        "ё": "е",
    }
)
_UNSEEN: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
_CONTROL: Final = "Cc"
# A stress mark has no composed form with a Cyrillic letter; that of Й has, so it stays a letter.
_ACCENTS: Final = frozenset(map(chr, range(0x300, 0x370)))
_LATIN: Final = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
# A ligature may become a sequence that folds once more; no text needs more rounds than this.
_ROUNDS: Final = 4


def search_form(text: str) -> str:
    """Return the form of ``text`` that two ways of writing it share; a second time changes nothing.

    It may be longer than ``text``: a ligature is written out.
    """
    for _ in range(_ROUNDS):
        folded = _folded(text)
        if folded == text:
            break
        text = folded
    return text


def _folded(text: str) -> str:
    folded = normalize("NFKC", normalize("NFKC", text).casefold()).translate(_FOLDED)
    return normalize("NFKC", " ".join("".join(map(_kept, folded)).split()))


def _kept(one: str) -> str:
    kind = category(one)
    if kind == _CONTROL:
        return " "
    if kind in _UNSEEN or one in _ACCENTS:
        return ""
    return normalize("NFD", one)[0] if _is_latin(one) else one


def _is_latin(one: str) -> bool:
    return any(ord(one) in block for block in _LATIN)


def name_key(surname: str, given_name: str = "", patronymic: str = "") -> str:
    """Return the search form of a whole name, surname first, blanks between."""
    return " ".join(filter(None, map(search_form, (surname, given_name, patronymic))))
