"""What goes wrong with a reader, told apart by who can do something about it."""


class ReaderError(Exception):
    """Root of every error a reader raises on purpose."""


class CardGoneError(ReaderError):
    """The card left the reader or stopped answering; whether it acted is unknown."""


class ReaderBusyError(ReaderError):
    """Another conversation holds the card; ``remedy`` says how to end it."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class ReaderSetupError(ReaderError):
    """The machine cannot give the reader asked for; ``remedy`` is one sentence."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy
