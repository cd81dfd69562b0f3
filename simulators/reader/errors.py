"""What goes wrong with a reader, told apart by who can do something about it."""


class ReaderError(Exception):
    """Root of every error a reader raises on purpose."""


class CardGoneError(ReaderError):
    """The card left the reader or stopped answering; whether it acted is unknown."""


class CardPulledError(ReaderError):
    """Raised by a card that leaves the reader with the command it is at.

    ``last_answer`` still reaches the terminal; None where the answer is lost.
    """

    def __init__(self, *, last_answer: bytes | None = None) -> None:
        super().__init__("the card was pulled out")
        self.last_answer = last_answer


class CardSilentError(ReaderError):
    """Raised by a card that stays in the reader and does not answer; a reset may wake it."""


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
