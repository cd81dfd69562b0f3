"""What refusals and findings say, in the language of who reads it; looked up by their codes."""

import re
from typing import Any, Final

from cardservice.domain.lives import LIVES
from cardservice.domain.transitions import TransitionTable
from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import OFFICE, merged
from cardservice.texts.office.filling import filled, shape_of, tokens_of
from cardservice.texts.office.kept import KEPT
from cardservice.texts.office.labels import KINDS, label_of

FAMILIES: Final = (
    *("missing", "too-long", "in-future", "impossible"),
    *("format", "length", "not-digits", "unknown"),
)
"""Ends of the codes that rules make from a field's name; each has a sentence for any field."""

_CONTEXT: Final = "sentence"  # of the translations whose key is a code
_QUOTED: Final = re.compile("“([^”]*)”")


def sentence(code: str, english: str, language: Language) -> str:
    """Return what a refusal or a finding says.

    Args:
        code: its code.
        english: its own sentence; empty where only the code was kept, as of a table's rows.
        language: the reader's. A code without a translation gives the English sentence.
    """
    if language is Language.EN:
        return _in_english(code, english)
    found = _of_life(code, english, language) or _of_code(code, english, language)
    return found or _in_english(code, english)


def knows(code: str, language: Language) -> bool:
    """Return whether ``code`` has a translation of its own, not only one of its family."""
    key = code if (life := _life(code)) is None else _life_key(life)
    return _by_key(_CONTEXT, key, language) is not None


def _in_english(code: str, english: str) -> str:
    words = f"{code.replace('-', ' ').capitalize()}."
    return english or KEPT.get(code) or KEPT.get(_family(code)) or words


def _of_code(code: str, english: str, language: Language) -> str | None:
    found = (
        _by_key(code, shape_of(english), language)
        or _by_key(_CONTEXT, code, language)
        or _by_key(_CONTEXT, _family(code), language)
    )
    return None if found is None else filled(found, tokens_of(english, merged(language, OFFICE)))


def _of_life(code: str, english: str, language: Language) -> str | None:
    life = _life(code)
    found = None if life is None else _by_key(_CONTEXT, _life_key(life), language)
    if life is None or found is None:
        return None
    state = code.removeprefix(f"{_life_key(life)}-")
    tokens = {"state": label_of(KINDS[life.states], state, language)}
    quoted = _QUOTED.findall(english)
    if len(quoted) > 1:
        event = quoted[1].replace(" ", "-")
        tokens["event"] = label_of(KINDS[life.events], event, language)
    return filled(found, tokens)


def _life(code: str) -> TransitionTable[Any, Any] | None:
    return next((one for one in LIVES if code.startswith(f"{_life_key(one)}-")), None)


def _life_key(life: TransitionTable[Any, Any]) -> str:
    return f"state-{life.life}"


def _family(code: str) -> str:
    return next((f"*-{one}" for one in FAMILIES if code.endswith(f"-{one}")), "")


def _by_key(context: str, key: str, language: Language) -> str | None:
    # The catalog gives a key back that it does not have; no translation is equal to its key.
    found = merged(language, OFFICE).pgettext(context, key) if key else key
    return None if found == key else found
