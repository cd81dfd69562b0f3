"""Forms of our own pages only: origin, token, rate."""

from typing import Annotated, Final

from fastapi import Depends, Form, Request

from cardservice.accounts.dice import base64url, draw_token, keyed
from cardservice.web.at_once import at_once
from cardservice.web.security import ForeignRequestError, verify_same_origin, verify_token
from cardservice.web.signin.context import Address, SignInContext, SignInParts
from cardservice.web.signin.cookies import Cookie

TOKEN_FIELD: Final = "token"  # noqa: S105 - the name of a field
MAX_BODY: Final = 16 * 1024  # octets of a form; the longest has two passwords of 256 characters

FormText = Annotated[str, Form()]


def form_token(secret: str) -> str:
    """Return the token that forms of one browser carry: an HMAC under its cookie.

    It changes with the session, and who reads it does not learn the cookie.
    """
    return base64url(keyed(secret, "form token"))


def browser_secret(request: Request, context: SignInContext) -> str | None:
    """Return what this browser's form tokens are made from: its session, or a plain secret."""
    cookies = context.cookies
    return cookies.read(request, Cookie.SESSION) or cookies.read(request, Cookie.BROWSER)


def fresh_secret(context: SignInContext) -> str:
    """Return a secret for a browser that has none yet."""
    return draw_token(context.dice)


def sent_by_our_form(
    request: Request, context: SignInParts, address: Address, token: FormText = ""
) -> None:
    """Return if a form of our own page, shown to this browser, was sent.

    Raises:
        ForeignRequestError: another site sent it, or it carries another browser's token.
        TooManyRequestsError: this address sends too many.
    """
    verify_same_origin(request)
    secret = browser_secret(request, context)
    if secret is None:
        raise ForeignRequestError("the page is out of date; load it again")
    verify_token(token, form_token(secret))
    context.forms.take(address)


OurForm = Depends(at_once(sent_by_our_form))
