"""The languages of the interface, and which one a reader of it wants."""

from enum import StrEnum, unique

MAX_ACCEPT_LANGUAGE = 256  # characters looked at; browsers send fewer than 100


@unique
class Language(StrEnum):
    RU = "ru"
    EN = "en"


DEFAULT_LANGUAGE = Language.RU


def language_of(text: str | None) -> Language | None:
    """Return the language that a tag such as ``en`` or ``ru-RU`` names, None for any other text."""
    primary = (text or "").strip().lower().partition("-")[0]
    return Language(primary) if primary in set(Language) else None


def negotiate(
    *,
    asked: str | None = None,
    remembered: str | None = None,
    accepted: str | None = None,
    default: Language = DEFAULT_LANGUAGE,
) -> Language:
    """Return the language asked for, else the remembered, else the most wanted that we have.

    ``accepted`` is an Accept-Language value. Texts from outside never raise; what is not
    understood does not count.

    Source: RFC 9110 section 12.5.4.
    """
    chosen = language_of(asked) or language_of(remembered)
    return chosen or _most_wanted(accepted or "") or default


def _most_wanted(accepted: str) -> Language | None:
    ranked: list[tuple[float, Language]] = []
    for entry in accepted[:MAX_ACCEPT_LANGUAGE].split(","):
        tag, _, parameters = entry.partition(";")
        language, weight = language_of(tag), _weight(parameters)
        if language is not None and weight > 0:
            ranked.append((weight, language))
    return max(ranked, key=lambda one: one[0])[1] if ranked else None


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    whole, _, fraction = value.strip().partition(".")
    digits = f"{whole}{fraction}"
    if name.strip().lower() != "q" or whole not in {"0", "1"} or not digits.isascii():
        return 0.0
    return float(f"{whole}.{fraction or 0}") if digits.isdigit() else 0.0
