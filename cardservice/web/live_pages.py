"""What pages that follow their service have in common: language, events, forms of their own."""

from collections.abc import AsyncIterable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from cardservice.texts.languages import Language, language_of
from cardservice.web.context import LANGUAGE_COOKIE, LANGUAGE_PARAMETER
from cardservice.web.security import verify_same_origin, verify_token

COOKIE_MAX_AGE_S: Final = 365 * 24 * 3600
MAX_FORM_TEXT: Final = 256  # characters; ids and reader names are shorter
FormText = Annotated[str, Form(max_length=MAX_FORM_TEXT)]


def page_answer(html: str, language: Language) -> HTMLResponse:
    """Return a whole page as the answer; caches are told what its language depends on."""
    return HTMLResponse(html, headers={"Content-Language": language, "Vary": "Accept-Language"})


def chooses_language(request: Request) -> bool:
    """Say whether the request is a reader's choice of a language."""
    return request.query_params.get(LANGUAGE_PARAMETER) is not None


def remember_language(request: Request, answer: Response) -> None:
    """Let ``answer`` set the cookie of the language chosen, if it is one that we have."""
    chosen = language_of(request.query_params.get(LANGUAGE_PARAMETER))
    if chosen is not None:
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=COOKIE_MAX_AGE_S, httponly=True, samesite="strict"
        )


def back_in_language(request: Request) -> RedirectResponse:
    """Return the way back to the page, whose language is remembered from now on."""
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    remember_language(request, answer)
    return answer


def event_stream(events: AsyncIterable[bytes]) -> StreamingResponse:
    """Return an answer that goes on until ``events`` end.

    Source: HTML Standard, section 9.2, server-sent events.
    """
    return StreamingResponse(events, media_type="text/event-stream")


def verify_our_form(request: Request, *, given: str, expected: str) -> None:
    """Return if the form is one of our own page; nothing else may change anything.

    Args:
        request: that brought the form.
        given: the token in the form.
        expected: the token of our page.

    Raises:
        ForeignRequestError: another origin sent it, or it carries another token.
    """
    verify_same_origin(request)
    verify_token(given, expected)
