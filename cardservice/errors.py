"""The error taxonomy: one root, one class per thing a caller can do about it."""


class CardServiceError(Exception):
    """Root of every error this package raises on purpose."""


class UsageError(CardServiceError, ValueError):
    """We asked for something that cannot exist; a bug on our side, or a wrong setting."""


class PeerError(CardServiceError):
    """The card (or a file claiming to be one) broke a rule; never our bug."""


class MalformedDataError(PeerError):
    """Octets from outside do not follow their grammar."""


class AuthenticationError(PeerError):
    """A MAC, cryptogram, signature or token did not verify; the channel is dead."""


class StatusError(PeerError):
    """The card refused; ``sw`` says why."""

    def __init__(self, sw: int, message: str) -> None:
        super().__init__(message)
        self.sw = sw


class LinkError(CardServiceError):
    """The path to the card failed; whether the card acted is unknown."""


class CardRemovedError(LinkError):
    """The card left the reader, or stopped answering, in the middle of a conversation."""


class TimeBudgetError(LinkError):
    """The card used up the time set aside for it; it may still be there."""


class ReaderUnavailableError(LinkError):
    """No such reader, no driver, no service, or no permission; ``remedy`` says what to do."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message} ({remedy})")
        self.remedy = remedy


class Refusal(CardServiceError):  # noqa: N818 - a refusal is an answer, not a malfunction
    """A rule of the field says no. ``code`` is stable, the message is a sentence."""

    def __init__(self, code: str, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field


class SourceUnavailableError(CardServiceError):
    """The registry cannot be reached, or answered as it never should; asking later may help.

    ``code`` is stable: ``registry-unreachable``, ``registry-late``, ``registry-wrong``.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
