"""The languages of the page, and which one a reader of it wants."""

from enum import StrEnum, unique
from typing import Final

_ACCEPT_MAX: Final = 256  # characters looked at; browsers send fewer than 100
_QUALITY: Final = "q="


@unique
class Language(StrEnum):
    """Languages by their tags; the value of English texts is their own key."""

    EN = "en"
    RU = "ru"


NAMES: Final = {Language.EN: "English", Language.RU: "Русский"}


def language_of(text: str | None) -> Language | None:
    """Return the language that a tag such as ``ru-RU`` names, None for any other text."""
    primary = (text or "").strip().lower().partition("-")[0]
    return Language(primary) if primary in set(Language) else None


def negotiate(*, asked: str | None, remembered: str | None, accepted: str | None) -> Language:
    """Return the language asked for, else the remembered, else what the browser likes best.

    ``accepted`` is an Accept-Language value; what is not understood does not count. Never raises.

    Source: RFC 9110 section 12.5.4.
    """
    chosen = language_of(asked) or language_of(remembered)
    return chosen or _best_of((accepted or "")[:_ACCEPT_MAX]) or Language.EN


def _best_of(accepted: str) -> Language | None:
    ranked: list[tuple[float, Language]] = []
    for entry in accepted.split(","):
        tag, _, parameter = entry.partition(";")
        language, weight = language_of(tag), _weight(parameter.strip().lower())
        if language is not None and weight > 0:
            ranked.append((weight, language))
    # The first of equals: that is how people order them.
    return max(ranked, key=lambda one: one[0])[1] if ranked else None


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    digits = parameter.removeprefix(_QUALITY)
    plain = digits.isascii() and digits.replace(".", "", 1).isdigit()
    return min(float(digits), 1.0) if plain and parameter.startswith(_QUALITY) else 0.0
