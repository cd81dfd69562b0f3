"""What a tray refuses, and what to do about it."""

from simulators.reader.errors import ReaderSetupError


class TrayError(ReaderSetupError):
    """The tray cannot do what was asked, and nothing has changed; ``remedy`` is one sentence."""


class TrayClosedError(TrayError):
    """The tray was closed."""

    def __init__(self) -> None:
        super().__init__("the tray is closed", remedy="make another")


class UnknownNameError(TrayError):
    """No card or reader has that name."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(
            f"there is no {what} {name!r}", remedy=f"add it, or name one of the {what}s"
        )
