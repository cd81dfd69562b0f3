"""Sign-in through the office's OpenID provider: there and back."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.dice import draw_token
from cardservice.accounts.openid.settings import OpenIdError
from cardservice.accounts.openid.signing_in import OpenIdSignIn, ProviderAnswer
from cardservice.accounts.session import Stage
from cardservice.errors import Refusal
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.forms import MAX_BODY
from cardservice.web.signin.rendering import show
from cardservice.web.signin.returning import own_page
from cardservice.web.signin.signing_in import SECOND_FACTOR, Next, end_present, signed_in_answer

router = APIRouter(tags=["sign-in"], include_in_schema=False, max_body_size=MAX_BODY)
Text = Annotated[str, Query()]
_log = logging.getLogger(__name__)


# A link, not a form: the page's policy "form-action 'self'" holds for where a form is sent on to.
@router.get("/sign-in/openid")
def begin_openid(visit: Visiting, page: Next = "") -> Response:
    """Send the browser to the provider with a secret of its own in a cookie."""
    provider = _provider(visit)
    visit.context.forms.take(visit.address)
    secret = draw_token(visit.context.dice)
    try:
        there = provider.begin(secret, return_to=own_page(page, default=visit.context.staff_home))
    except OpenIdError as refusal:
        return _failed(visit, refusal)
    answer = RedirectResponse(there, HTTPStatus.SEE_OTHER)
    visit.context.cookies.write(answer, Cookie.OPENID, secret)
    return answer


@router.get("/sign-in/openid/answer")
def finish_openid(
    visit: Visiting,
    code: Text = "",
    state: Text = "",
    iss: str | None = None,
    error: str | None = None,
) -> Response:
    """Judge what the browser brings back from the provider; each secret is good once."""
    provider = _provider(visit)
    visit.context.forms.take(visit.address)
    secret = visit.context.cookies.read(visit.request, Cookie.OPENID) or ""
    given = ProviderAnswer(code=code, state=state, issuer=iss, error=error)
    try:
        account, page = provider.finish(secret, given)
        opened = visit.context.sign_in.begin(account)
    except Refusal as refusal:
        return _failed(visit, refusal)
    end_present(visit)
    wanted = own_page(page, default=visit.context.staff_home)
    half = opened.session.stage is Stage.SECOND_FACTOR
    answer = signed_in_answer(opened, visit, SECOND_FACTOR if half else wanted)
    visit.context.cookies.drop(answer, Cookie.OPENID)
    return answer


def _provider(visit: Visit) -> OpenIdSignIn:
    if visit.context.openid is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return visit.context.openid


def _failed(visit: Visit, refusal: Refusal) -> Response:
    _log.warning("OpenID sign-in: %s", getattr(refusal, "reason", refusal.code))
    answer = show(
        "sign_in.html",
        visit,
        refusal=refusal,
        page="",
        name="",
        openid=True,
        applicants=visit.context.applicants is not None,
    )
    visit.context.cookies.drop(answer, Cookie.OPENID)
    return answer
