"""Pages of one's own account: overview, password, second factor."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.account import Account
from cardservice.accounts.enrolment import enrolment_address, qr_path, typed_secret
from cardservice.errors import Refusal
from cardservice.web.signin.answers import SIGN_IN
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.errors import NotPermittedError
from cardservice.web.signin.forms import MAX_BODY, FormText, OurForm
from cardservice.web.signin.guard import AccountActor, Actor
from cardservice.web.signin.rendering import show

ACCOUNT = "/account"
PASSWORD = "/account/password"  # noqa: S105 - an address
ENROLMENT = "/account/second-factor"

router = APIRouter(tags=["account"], include_in_schema=False, max_body_size=MAX_BODY)


@router.get(ACCOUNT)
def show_account(visit: Visiting, actor: AccountActor) -> Response:
    """Show who is signed in and what they can change."""
    account, _ = _own(actor, visit)
    return show(
        "account.html",
        visit,
        name=account.name,
        roles=sorted(account.roles),
        has_password=account.password_hash is not None,
        enrolled=account.second_factor is not None,
        codes_left=len(account.recovery),
    )


@router.post("/account/sign-out-everywhere", dependencies=[OurForm])
def sign_out_everywhere(visit: Visiting, actor: AccountActor) -> Response:
    """End all sessions of this account, this one too."""
    visit.context.stores.sessions.end_all(actor.subject.id)
    answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
    visit.context.cookies.drop(answer, Cookie.SESSION)
    return answer


@router.get(PASSWORD)
def show_password(visit: Visiting, actor: AccountActor) -> Response:
    """Show the form for another password."""
    account, _ = _own(actor, visit)
    return show("password.html", visit, name=account.name)


@router.post(PASSWORD, dependencies=[OurForm])
def change_password(
    visit: Visiting, actor: AccountActor, password: FormText = "", new_password: FormText = ""
) -> Response:
    """Set another password; all other sessions end."""
    account, token = _own(actor, visit)
    try:
        visit.context.sign_in.confirm(account, password, address=visit.address)
        opened = visit.context.book.change_password(account, new_password, token=token)
    except Refusal as refusal:
        return show("password.html", visit, refusal=refusal, name=account.name)
    answer = RedirectResponse(ACCOUNT, HTTPStatus.SEE_OTHER)
    visit.context.cookies.write(answer, Cookie.SESSION, opened.token)
    return answer


@router.get(ENROLMENT)
def show_enrolment(visit: Visiting, actor: AccountActor) -> Response:
    """Ask for the password before a device is enrolled or forgotten."""
    account, _ = _own(actor, visit)
    return show(
        "enrolment.html", visit, name=account.name, enrolled=account.second_factor is not None
    )


@router.post(f"{ENROLMENT}/begin", dependencies=[OurForm])
def begin_enrolment(visit: Visiting, actor: AccountActor, password: FormText = "") -> Response:
    """Show the secret for a device, once, to one who knows the password."""
    account, _ = _own(actor, visit)
    try:
        visit.context.sign_in.confirm(account, password, address=visit.address)
        account, secret = visit.context.book.begin_enrolment(account)
    except Refusal as refusal:
        return _password_again(visit, account, refusal)
    side, path = qr_path(enrolment_address(secret, name=account.name))
    return show("enrol.html", visit, secret_text=typed_secret(secret), side=side, path=path)


@router.post(f"{ENROLMENT}/finish", dependencies=[OurForm])
def finish_enrolment(visit: Visiting, actor: AccountActor, code: FormText = "") -> Response:
    """Take the device if its code is right, and show the recovery codes once."""
    account, token = _own(actor, visit)
    try:
        opened, codes = visit.context.book.finish_enrolment(account, code, token=token)
    except Refusal as refusal:
        return show("enrol.html", visit, refusal=refusal, secret_text=None, side=0, path="")
    answer = show("recovery.html", visit, secret=opened.token, codes=codes)
    visit.context.cookies.write(answer, Cookie.SESSION, opened.token)
    return answer


@router.post(f"{ENROLMENT}/remove", dependencies=[OurForm])
def remove_second_factor(visit: Visiting, actor: AccountActor, password: FormText = "") -> Response:
    """Forget the device; all sessions end, and the next sign-in is by password alone."""
    account, _ = _own(actor, visit)
    try:
        visit.context.sign_in.confirm(account, password, address=visit.address)
        visit.context.book.remove_second_factor(account)
    except Refusal as refusal:
        return _password_again(visit, account, refusal)
    return RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)


def _own(actor: Actor, visit: Visit) -> tuple[Account, str]:
    """Return the account of a signed-in person and the token of their session."""
    account = visit.context.stores.accounts.by_id(actor.subject.id)
    if account is None or actor.token is None:
        raise NotPermittedError
    return account, actor.token


def _password_again(visit: Visit, account: Account, refusal: Refusal) -> Response:
    return show(
        "enrolment.html",
        visit,
        refusal=refusal,
        name=account.name,
        enrolled=account.second_factor is not None,
    )
