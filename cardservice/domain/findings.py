"""What a check finds in a draft: which field, what is wrong with it, and how bad it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import ParamSpec

from cardservice.errors import Refusal

P = ParamSpec("P")


@unique
class Severity(StrEnum):
    ERROR = "error"  # the application cannot be submitted so
    WARNING = "warning"  # a person should look at it; it may be right


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should see beside a field.

    Attributes:
        field: the field's name as the application has it; ``documents.0.number`` in a list.
        code: stable, for translation.
        sentence: English; it never quotes what was typed.
        severity: whether it stands in the way.
    """

    field: str
    code: str
    sentence: str
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether it stands in the way of submitting."""
        return self.severity is Severity.ERROR


def warning(field: str, code: str, sentence: str) -> Finding:
    """Return a finding that stands in nobody's way."""
    return Finding(field, code, sentence, Severity.WARNING)


def softened(finding: Finding) -> Finding:
    """Return the same finding as a warning."""
    return warning(finding.field, finding.code, finding.sentence)


def refused(
    place: str, rule: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs
) -> Iterator[Finding]:
    """Return what ``rule`` refuses, as an error of the field ``place``; nothing if it does not."""
    try:
        rule(*args, **kwargs)
    except Refusal as refusal:
        yield Finding(place, refusal.code, refusal.sentence)


def within(prefix: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Return ``findings`` of a part with the names their fields have in the whole."""
    for one in findings:
        yield Finding(f"{prefix}.{one.field}", one.code, one.sentence, one.severity)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any of ``findings`` stands in the way."""
    return any(one.is_error for one in findings)
