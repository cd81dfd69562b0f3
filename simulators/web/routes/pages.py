"""The page, its parts, and the map of a card."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from simulators.web.context import (
    LANGUAGE_COOKIE,
    LANGUAGE_PARAMETER,
    Context,
    Moved,
    RequestLanguage,
    WebContext,
)
from simulators.web.languages import Language, language_of
from simulators.web.maps import shown_map
from simulators.web.rendering import parts, render
from simulators.web.views import card_shown, desk_of

router = APIRouter()

_COOKIE_MAX_AGE_S: Final = 365 * 24 * 3600
_FILTER_MAX: Final = 100


@router.get("/", response_class=HTMLResponse)
def show_page(request: Request, context: Context, language: RequestLanguage) -> Response:
    """Show readers and cards as they are now; with ``lang`` remember that language first."""
    if LANGUAGE_PARAMETER in request.query_params:
        return _remember_language(request, RedirectResponse("/", HTTPStatus.SEE_OTHER))
    return page_response(context, language, wanted=request.query_params.get("q", ""))


@router.get("/page/parts")
def show_parts(context: Context, language: RequestLanguage) -> dict[str, Any]:
    """Return the parts of the page that change, for the page's script."""
    return parts(desk_of(context.simulation), language, context.token)


@router.get("/cards/{name}", response_class=HTMLResponse)
def show_card(
    request: Request,
    name: str,
    moved: Moved,
    language: RequestLanguage,
    *,
    unmasked: bool = False,
) -> Response:
    """Show the card's files with every octet named."""
    record = moved.cards.record(name)
    card, mapped = card_shown(record), shown_map(moved.cards.cells(name), unmasked=unmasked)
    page = render(
        "card.html", language, card=card, mapped=mapped, unmasked=unmasked, here=card.address
    )
    return _remember_language(request, _html(page, language))


def page_response(  # noqa: PLR0913 - by keyword
    context: WebContext,
    language: Language,
    *,
    wanted: str = "",
    chosen: str = "",
    problem: tuple[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    """Return the whole page.

    ``wanted``: only cards with that in their names; ``chosen``: the card that is picked;
    ``problem``: a title of the table of problems, and what it says.
    """
    desk = desk_of(context.simulation)
    wanted = wanted[:_FILTER_MAX].strip().lower()
    found = [one for one in desk.cards if wanted in f"{one.name} {one.about}".lower()]
    page = render(
        "page.html",
        language,
        here="/",
        desk=desk,
        cards=found,
        wanted=wanted,
        chosen=chosen,
        problem=problem,
        token=context.token,
        after=context.simulation.history.id_of(context.simulation.history.newest),
        heartbeat_s=context.heartbeat_s,
    )
    return _html(page, language, status)


def _html(page: str, language: Language, status: int = HTTPStatus.OK) -> HTMLResponse:
    headers = {"Content-Language": language.value, "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(page, status, headers=headers)


def _remember_language(request: Request, answer: Response) -> Response:
    chosen = language_of(request.query_params.get(LANGUAGE_PARAMETER))
    if chosen is not None:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            chosen.value,
            max_age=_COOKIE_MAX_AGE_S,
            httponly=True,
            samesite="strict",
        )
    return answer
