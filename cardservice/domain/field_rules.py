"""Rules for single fields of a draft; each gives findings and never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cardservice.domain.findings import Finding, refused
from cardservice.domain.texts import parse_text, tidy

EMAIL_LENGTH: Final = 254  # RFC 5321, 4.5.3.1.3, as errata 1690 of RFC 3696 reads it
PHONE_LENGTH: Final = 40  # characters; this project's own
_PHONE_DIGITS: Final = range(5, 16)  # an international number has 15 digits at most; ITU-T E.164

_EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")
_PHONE: Final = re.compile(r"\+?[0-9 ()\-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class TextRule:
    """What a text field takes.

    Attributes:
        field: its name.
        words: its name in a sentence.
        limit: most characters.
        needed: whether it must be there.
        short: what the code of one too long begins with, ``field`` unless told.
    """

    field: str
    words: str
    limit: int
    needed: bool = False
    short: str = ""


def text_findings(rule: TextRule, raw: str) -> Iterator[Finding]:
    """Return what is wrong with a text as typed: too long, a hidden character, or missing."""
    field, words = rule.field, rule.words
    found = tuple(
        refused(
            field, parse_text, raw, field=field, words=words, limit=rule.limit, short=rule.short
        )
    )
    yield from found
    if rule.needed and not found and not tidy(raw):
        code = f"{field.replace('_', '-')}-missing"
        yield Finding(field, code, f"The {words} is missing.")


def email_findings(field: str, raw: str) -> Iterator[Finding]:
    """Return what is wrong with an e-mail address; nothing if there is none."""
    found = tuple(text_findings(TextRule(field, "e-mail address", EMAIL_LENGTH), raw))
    yield from found
    if not found and tidy(raw) and not _EMAIL.fullmatch(tidy(raw)):
        yield Finding(field, "email-format", "The e-mail address is not written NAME@PLACE.")


def phone_findings(field: str, raw: str) -> Iterator[Finding]:
    """Return what is wrong with a telephone number; nothing if there is none."""
    found = tuple(text_findings(TextRule(field, "telephone number", PHONE_LENGTH), raw))
    yield from found
    number = "" if found else tidy(raw)
    digits = sum(one.isdigit() for one in number)
    if number and not (_PHONE.fullmatch(number) and digits in _PHONE_DIGITS):
        yield Finding(field, "phone-format", "The telephone number is not one.")


def past_date_findings(field: str, words: str, day: date | None, on: date) -> Iterator[Finding]:
    """Return what is wrong with a day that must be there and not in the future."""
    code = field.replace("_", "-")
    if day is None:
        yield Finding(field, f"{code}-missing", f"The {words} is missing.")
    elif day > on:
        yield Finding(field, f"{code}-in-future", f"The {words} is in the future.")
