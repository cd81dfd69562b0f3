"""What is refused beyond the tray's own refusals; each says what to do about it."""

from simulators.reader.errors import ReaderSetupError
from simulators.tray import TrayError


class CardElsewhereError(TrayError):
    """The card is in another reader."""

    def __init__(self, card: str, reader: str) -> None:
        super().__init__(f"card {card!r} is in {reader!r}", remedy="remove it there first")


class ReaderFullError(TrayError):
    """An empty reader was asked for, and there is a card in it."""

    def __init__(self, reader: str) -> None:
        super().__init__(f"a card is in {reader!r}", remedy="remove it, or swap")


class NoImageError(TrayError):
    """The card keeps nothing that could be shown or saved."""

    def __init__(self, card: str) -> None:
        super().__init__(
            f"card {card!r} has no memory to show", remedy="use it by its name in the zoo"
        )


class CardSilentHereError(ReaderSetupError):
    """The card is in the reader and did not answer."""

    def __init__(self) -> None:
        super().__init__("the card did not answer", remedy="reset it, or end the faults")


class RefusedNameError(ReaderSetupError):
    """A name that no new reader or card may have."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"this is no name for a {what}",
            remedy="take 1 to 100 printable characters without a slash",
        )


class RefusedImageError(ReaderSetupError):
    """An uploaded state file that holds no card."""


class RefusedPlanError(ReaderSetupError):
    """A plan of faults that is none."""


class TooManyError(ReaderSetupError):
    """There are as many as are allowed."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"there are {limit:,} {what} already", remedy="end some that are not used")
