"""Pages: sign in, second factor, sign out."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.account import NAME_LENGTH
from cardservice.accounts.session import Stage
from cardservice.accounts.sessions import Opened
from cardservice.accounts.signing_in import SessionOverError
from cardservice.errors import Refusal
from cardservice.web.signin.answers import SIGN_IN
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.forms import MAX_BODY, FormText, OurForm
from cardservice.web.signin.guard import actor_of, half_session
from cardservice.web.signin.rendering import show
from cardservice.web.signin.returning import own_page

SECOND_FACTOR = "/sign-in/second-factor"

router = APIRouter(tags=["sign-in"], include_in_schema=False, max_body_size=MAX_BODY)
Next = Annotated[str, Query(alias="next")]


@router.get(SIGN_IN)
def show_sign_in(visit: Visiting, page: Next = "") -> Response:
    """Show the sign-in form; to one who is signed in, the page they want."""
    if actor_of(visit.request, visit.context) is not None:
        return _see(own_page(page, default=visit.context.staff_home))
    return _sign_in_page(visit, page)


@router.post(SIGN_IN, dependencies=[OurForm])
def sign_in(
    visit: Visiting, name: FormText = "", password: FormText = "", page: FormText = ""
) -> Response:
    """Judge a name and a password."""
    try:
        opened = visit.context.sign_in.with_password(name, password, address=visit.address)
    except Refusal as refusal:
        return _sign_in_page(visit, page, name, refusal)
    end_present(visit)
    return _signed_in(opened, visit, page)


@router.get(SECOND_FACTOR)
def show_second_factor(visit: Visiting, page: Next = "") -> Response:
    """Ask for the code; without a name and password before it, for those."""
    if half_session(visit.request, visit.context) is None:
        return _see(SIGN_IN)
    return show("second_factor.html", visit, page=own_page(page, default=visit.context.staff_home))


@router.post(SECOND_FACTOR, dependencies=[OurForm])
def take_second_factor(visit: Visiting, code: FormText = "", page: FormText = "") -> Response:
    """Judge the code of the second factor."""
    token = visit.context.cookies.read(visit.request, Cookie.SESSION) or ""
    try:
        opened = visit.context.sign_in.with_code(token, code, address=visit.address)
    except SessionOverError as refusal:
        return _sign_in_page(visit, page, "", refusal)
    except Refusal as refusal:
        return show(
            "second_factor.html",
            visit,
            refusal=refusal,
            page=own_page(page, default=visit.context.staff_home),
        )
    return _signed_in(opened, visit, page)


@router.post("/sign-out", dependencies=[OurForm])
def sign_out(visit: Visiting) -> Response:
    """End this browser's session."""
    end_present(visit)
    answer = _see(SIGN_IN)
    visit.context.cookies.drop(answer, Cookie.SESSION)
    return answer


def signed_in_answer(opened: Opened, visit: Visit, page: str) -> Response:
    """Return the way to ``page`` with the cookie of the new session."""
    answer = _see(page)
    visit.context.cookies.write(answer, Cookie.SESSION, opened.token)
    visit.context.cookies.drop(answer, Cookie.BROWSER)
    return answer


def _signed_in(opened: Opened, visit: Visit, wanted: str) -> Response:
    page = own_page(wanted, default=visit.context.staff_home)
    if opened.session.stage is Stage.SECOND_FACTOR:
        return signed_in_answer(opened, visit, f"{SECOND_FACTOR}?{_query(page)}")
    return signed_in_answer(opened, visit, page)


def _query(page: str) -> str:
    return urlencode({"next": page})


def end_present(visit: Visit) -> None:
    """End the session that this browser has, if any: a sign-in never goes on with an old one."""
    token = visit.context.cookies.read(visit.request, Cookie.SESSION)
    if token is not None:
        visit.context.stores.sessions.end(token)


def _see(page: str) -> Response:
    return RedirectResponse(page, HTTPStatus.SEE_OTHER)


def _sign_in_page(
    visit: Visit, page: str, name: str = "", refusal: Refusal | None = None
) -> Response:
    return show(
        "sign_in.html",
        visit,
        refusal=refusal,
        page=own_page(page, default=""),
        name=name[:NAME_LENGTH],
        openid=visit.context.openid is not None,
        applicants=visit.context.applicants is not None,
    )
