"""What the office says no with, where a bare ``Refusal`` would not say enough."""

from collections.abc import Iterable
from typing import Final

from cardservice.domain.findings import Finding
from cardservice.errors import Refusal

STALE: Final = "stale"
KEY_REUSED: Final = "key-reused"
NOT_FOUND: Final = "not-found"


class FindingsRefusal(Refusal):
    """A form has errors; ``findings`` has them all, and the warnings, beside their fields."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("form-has-errors", "Something in the form is missing or wrong.")
        self.findings = tuple(findings)


def stale() -> Refusal:
    """Return what is said when somebody else changed the thing first."""
    return Refusal(STALE, "Somebody else has changed this meanwhile; look at it again.")


def not_found(kind: str) -> Refusal:
    """Return what is said when there is no such thing."""
    return Refusal(NOT_FOUND, f"There is no such {kind}.")


def key_reused() -> Refusal:
    """Return what is said when an idempotency key was used for another request."""
    return Refusal(KEY_REUSED, "This idempotency key was used for another request.", field="key")
