"""The cookies of sign-in. All are ``__Host-``: no other host and no plain HTTP can set them.

Source: RFC 6265bis, sections 4.1.3 (prefixes) and 5.4 (Lax).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, unique
from typing import Final

from fastapi import Request, Response

from cardservice.accounts.sessions import TOKEN_MAX
from cardservice.errors import UsageError

MINUTES_10: Final = timedelta(minutes=10)


@unique
class Cookie(Enum):
    """What each cookie keeps; its plain name and how long (None: until the browser closes)."""

    SESSION = ("session", None)  # the token of a session
    BROWSER = ("browser", None)  # a secret that form tokens are made from before the sign-in
    OPENID = ("openid", MINUTES_10)  # the secret of a sign-in at a provider
    APPLICANT = ("applicant", MINUTES_10)  # the token of a one-time code on its way


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes of the cookies.

    Attributes:
        secure: False only for plain HTTP on this machine during development: no browser takes
            a ``__Host-`` cookie there, so they are called ``Insecure…``. Make it with
            ``open_cookies``, which production does not let through.
    """

    secure: bool = True

    def name(self, cookie: Cookie) -> str:
        plain = cookie.value[0]
        return f"__Host-{plain}" if self.secure else f"Insecure{plain.capitalize()}"

    def read(self, request: Request, cookie: Cookie) -> str | None:
        """Return the cookie's value; None: there is none, or none that could be ours."""
        value = request.cookies.get(self.name(cookie))
        return value if value and len(value) <= TOKEN_MAX and value.isascii() else None

    def write(self, answer: Response, cookie: Cookie, token: str) -> None:
        lasts = cookie.value[1]
        answer.set_cookie(
            self.name(cookie),
            token,
            max_age=None if lasts is None else int(lasts.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, answer: Response, cookie: Cookie) -> None:
        answer.delete_cookie(
            self.name(cookie), path="/", secure=self.secure, httponly=True, samesite="lax"
        )


def open_cookies(*, secure: bool, production: bool) -> Cookies:
    """Return the cookies of this service.

    Raises:
        UsageError: insecure ones in production.
    """
    if production and not secure:
        raise UsageError("production refuses Insecure… cookies; serve the pages over HTTPS")
    return Cookies(secure=secure)
