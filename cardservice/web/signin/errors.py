"""What the guard says, and where its answers lead."""

from cardservice.errors import CardServiceError


class SignInNeededError(CardServiceError):
    """Nobody is signed in, or no longer."""

    def __init__(self) -> None:
        super().__init__("sign in first")


class NotPermittedError(CardServiceError):
    """Whoever is signed in has not the right."""

    def __init__(self) -> None:
        super().__init__("your roles do not permit this")
