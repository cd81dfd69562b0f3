"""GET /local/pairings: the codes that the clerk types in the clinic system; the desk's own page."""

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.web.at_once import at_once
from cardservice.web.context import RequestLanguage
from cardservice.web.live_pages import page_answer
from cardservice.web.local.desk import LocalDesk, local_of_request
from cardservice.web.page_templates import page_templates

router = APIRouter(tags=["desk"])


@cache
def _templates(language: Language) -> Environment:
    return page_templates("cardservice.web.local", translations(language))


@router.get("/local/pairings", response_class=HTMLResponse)
async def show_pairings(
    local: Annotated[LocalDesk, Depends(at_once(local_of_request))],
    language: RequestLanguage,
) -> HTMLResponse:
    """Show what systems want to be paired now, each with its code.

    No other site can read or frame this page, so who types the code has seen this screen.
    """
    template = _templates(language).get_template("pairings.html")
    return page_answer(template.render(language=language, notices=local.book.notices()), language)
