"""Pages: an applicant signs in with a number, a birth date and a code."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.applicants import NUMBER_MAX, ApplicantSignIn
from cardservice.domain.dates import parse_past_date
from cardservice.errors import Refusal
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.forms import MAX_BODY, FormText, OurForm
from cardservice.web.signin.rendering import show
from cardservice.web.signin.returning import address_with_next, own_page
from cardservice.web.signin.signing_in import Next, end_present, signed_in_answer

APPLICANT = "/sign-in/applicant"
CODE = "/sign-in/applicant/code"

router = APIRouter(tags=["sign-in"], include_in_schema=False, max_body_size=MAX_BODY)


@router.get(APPLICANT)
def show_applicant_sign_in(visit: Visiting, page: Next = "") -> Response:
    """Ask for the number of the application and the birth date."""
    _offered(visit)
    return show("applicant.html", visit, number="", birth_date="", page=_own(page))


@router.post(APPLICANT, dependencies=[OurForm])
def send_applicant_code(
    visit: Visiting, number: FormText = "", birth_date: FormText = "", page: FormText = ""
) -> Response:
    """Send a code if the two match; the answer is the same if they do not."""
    applicants = _offered(visit)
    try:
        day = _birth_date(birth_date, visit.context.clock().date())
        token = applicants.ask(_number(number), day, address=visit.address)
    except Refusal as refusal:
        return show(
            "applicant.html",
            visit,
            refusal=refusal,
            number=number[:NUMBER_MAX],
            birth_date=birth_date[:NUMBER_MAX],
            page=_own(page),
        )
    answer = RedirectResponse(address_with_next(CODE, _own(page)), HTTPStatus.SEE_OTHER)
    visit.context.cookies.write(answer, Cookie.APPLICANT, token)
    return answer


@router.get(CODE)
def show_applicant_code(visit: Visiting, page: Next = "") -> Response:
    """Ask for the code that was sent."""
    _offered(visit)
    if visit.context.cookies.read(visit.request, Cookie.APPLICANT) is None:
        there = address_with_next(APPLICANT, _own(page))
        return RedirectResponse(there, HTTPStatus.SEE_OTHER)
    return show("applicant_code.html", visit, page=_own(page))


@router.post(CODE, dependencies=[OurForm])
def take_applicant_code(visit: Visiting, code: FormText = "", page: FormText = "") -> Response:
    """Judge the code; who gave the right one goes where they wanted to."""
    token = visit.context.cookies.read(visit.request, Cookie.APPLICANT) or ""
    try:
        opened = _offered(visit).answer(token, code)
    except Refusal as refusal:
        return show("applicant_code.html", visit, refusal=refusal, page=_own(page))
    end_present(visit)
    there = own_page(page, default=visit.context.applicant_home)
    answer = signed_in_answer(opened, visit, there)
    visit.context.cookies.drop(answer, Cookie.APPLICANT)
    return answer


def _own(page: str) -> str:
    return own_page(page, default="")


def _offered(visit: Visit) -> ApplicantSignIn:
    if visit.context.applicants is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return visit.context.applicants


def _number(text: str) -> str:
    number = text.strip()
    if not 0 < len(number) <= NUMBER_MAX:
        sentence = "Type the number of your application."
        raise Refusal("application-number", sentence, field="number")
    return number


def _birth_date(text: str, today: date) -> date:
    return parse_past_date(text, field="birth_date", words="birth date", today=today)
