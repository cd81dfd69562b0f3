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
from cardservice.web.signin.signing_in import end_present, signed_in_answer

APPLICANT = "/sign-in/applicant"
CODE = "/sign-in/applicant/code"

router = APIRouter(tags=["sign-in"], include_in_schema=False, max_body_size=MAX_BODY)


@router.get(APPLICANT)
def show_applicant_sign_in(visit: Visiting) -> Response:
    """Ask for the number of the application and the birth date."""
    _offered(visit)
    return show("applicant.html", visit, number="", birth_date="")


@router.post(APPLICANT, dependencies=[OurForm])
def send_applicant_code(
    visit: Visiting, number: FormText = "", birth_date: FormText = ""
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
        )
    answer = RedirectResponse(CODE, HTTPStatus.SEE_OTHER)
    visit.context.cookies.write(answer, Cookie.APPLICANT, token)
    return answer


@router.get(CODE)
def show_applicant_code(visit: Visiting) -> Response:
    """Ask for the code that was sent."""
    _offered(visit)
    if visit.context.cookies.read(visit.request, Cookie.APPLICANT) is None:
        return RedirectResponse(APPLICANT, HTTPStatus.SEE_OTHER)
    return show("applicant_code.html", visit)


@router.post(CODE, dependencies=[OurForm])
def take_applicant_code(visit: Visiting, code: FormText = "") -> Response:
    """Judge the code."""
    token = visit.context.cookies.read(visit.request, Cookie.APPLICANT) or ""
    try:
        opened = _offered(visit).answer(token, code)
    except Refusal as refusal:
        return show("applicant_code.html", visit, refusal=refusal)
    end_present(visit)
    answer = signed_in_answer(opened, visit, visit.context.applicant_home)
    visit.context.cookies.drop(answer, Cookie.APPLICANT)
    return answer


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
