"""What the sign-in pages and the guard share."""

from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from cardservice.accounts.addresses import address_key
from cardservice.accounts.api_tokens import ApiTokens
from cardservice.accounts.applicants import ApplicantSignIn
from cardservice.accounts.buckets import Rate, TokenBuckets
from cardservice.accounts.dice import Clock, Dice
from cardservice.accounts.managing import AccountBook
from cardservice.accounts.openid.signing_in import OpenIdSignIn
from cardservice.accounts.signing_in import SignIn, Stores
from cardservice.texts.languages import Language
from cardservice.web.at_once import at_once
from cardservice.web.context import RequestLanguage
from cardservice.web.signin.cookies import Cookies

FORMS: Final = Rate(burst=30, every_s=2)  # forms of one address; an office shares one


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInContext:
    """The services behind the pages; a way of sign-in that is None is not offered.

    Attributes:
        staff_home: the page that staff come to after the sign-in.
        applicant_home: the page that an applicant comes to.
    """

    stores: Stores
    sign_in: SignIn
    book: AccountBook
    cookies: Cookies
    clock: Clock
    dice: Dice
    forms: TokenBuckets
    applicants: ApplicantSignIn | None = None
    openid: OpenIdSignIn | None = None
    api_tokens: ApiTokens | None = None
    staff_home: str = "/account"
    applicant_home: str = "/application"


def sign_in_context(request: Request) -> SignInContext:
    """Return the sign-in of the application that serves the request."""
    return cast(SignInContext, request.app.state.sign_in)


def client_address(request: Request) -> str:
    """Return the key of the address the request came from.

    Behind a proxy the server must be told to trust it (``--proxy-headers``); no header is
    believed here.
    """
    return address_key(request.client.host if request.client else None)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a page: what was asked, of which service, in which language, from where."""

    request: Request
    context: SignInContext
    language: Language
    address: str


def visit_of(request: Request, language: RequestLanguage) -> Visit:
    """Return the request as the pages see it."""
    return Visit(request, sign_in_context(request), language, client_address(request))


Visiting = Annotated[Visit, Depends(at_once(visit_of))]
SignInParts = Annotated[SignInContext, Depends(at_once(sign_in_context))]
Address = Annotated[str, Depends(at_once(client_address))]
