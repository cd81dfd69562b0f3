"""What a database says no with; every sentence is without the values that were stored."""

from sqlalchemy.exc import DontWrapMixin

from cardservice.errors import Refusal, UsageError


class StaleError(Refusal):
    """Somebody else changed the row first; read it again and decide again."""

    def __init__(self) -> None:
        super().__init__("stale", "Somebody else has changed this meanwhile; look at it again.")


class MissingError(Refusal):
    """There is no such row."""

    def __init__(self, kind: str) -> None:
        super().__init__("not-found", f"There is no such {kind}.")


class DuplicateError(Refusal):
    """Another row already has what must be unique; ``table`` says in which table."""

    def __init__(self, table: str) -> None:
        super().__init__("duplicate", "There is one with this number or name already.")
        self.table = table


class DanglingError(Refusal):
    """A row names another one that is not there, or one that others name was to go."""

    def __init__(self) -> None:
        super().__init__("reference-missing", "It names something that is not there.")


class UnstorableError(Refusal, DontWrapMixin):
    """A value that no column can hold; refused before the database sees it."""


class UnsuitableError(UsageError, DontWrapMixin):
    """A value of a kind that its column does not take; a bug on our side."""


class BusyError(Refusal):
    """Others kept the database busy for as long as we are willing to wait; nothing was done."""

    def __init__(self) -> None:
        super().__init__("database-busy", "The database is busy; nothing was changed. Try again.")


class UnavailableError(Refusal):
    """The database cannot be reached, or went away.

    When it went away in the middle of a commit, whether the commit took place is not known; the
    command's idempotency key tells when it is sent again.
    """

    def __init__(self, sentence: str = "The database cannot be reached; try again later.") -> None:
        super().__init__("database-unavailable", sentence)
