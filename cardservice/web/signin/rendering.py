"""The sign-in pages in one language."""

from functools import cache
from gettext import NullTranslations
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment

from cardservice.accounts.buckets import TooManyRequestsError
from cardservice.accounts.lockout import LockedOutError
from cardservice.errors import Refusal
from cardservice.texts.catalog import read_catalog, translations
from cardservice.texts.languages import Language
from cardservice.web.live_pages import remember_language
from cardservice.web.page_templates import page_templates
from cardservice.web.signin.context import Visit
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.forms import browser_secret, form_token, fresh_secret
from cardservice.web.signin.styles import style_url

CATALOGS: Final = {Language.RU: "locale/ru/signin.po"}


@cache
def sign_in_translations(language: Language) -> NullTranslations:
    """Return what turns the pages' English texts into ``language``; falls back to the desk's."""
    general = translations(language)
    if language not in CATALOGS:
        return general
    source = files("cardservice.web.signin").joinpath(CATALOGS[language]).read_bytes()
    own = read_catalog(source, language)
    own.add_fallback(general)
    return own


@cache
def _environment(language: Language) -> Environment:
    environment = page_templates("cardservice.web.signin", sign_in_translations(language))
    environment.globals["style_url"] = style_url
    return environment


def show(
    template: str,
    visit: Visit,
    *,
    refusal: Refusal | None = None,
    secret: str | None = None,
    **values: object,
) -> HTMLResponse:
    """Return a page whose forms this browser may send back.

    Args:
        template: the name of the page.
        visit: what it answers.
        refusal: what went wrong, shown beside its field.
        secret: of a session that begins with this answer; the present one unless told.
        values: what the template shows.
    """
    request, context = visit.request, visit.context
    known = secret or browser_secret(request, context)
    used = known or fresh_secret(context)
    html = (
        _environment(visit.language)
        .get_template(f"signin/{template}")
        .render(
            language=visit.language,
            languages=tuple(Language),
            token=form_token(used),
            refusal=refusal,
            wait_s=getattr(refusal, "wait_s", None),
            here=request.url.path if request.method == "GET" else None,
            **values,
        )
    )
    headers = {"Content-Language": visit.language, "Vary": "Accept-Language"}
    answer = HTMLResponse(html, _status(refusal), headers)
    if known is None:
        context.cookies.write(answer, Cookie.BROWSER, used)
    remember_language(request, answer)
    return answer


def _status(refusal: Refusal | None) -> HTTPStatus:
    if refusal is None:
        return HTTPStatus.OK
    waits = isinstance(refusal, LockedOutError | TooManyRequestsError)
    return HTTPStatus.TOO_MANY_REQUESTS if waits else HTTPStatus.UNPROCESSABLE_ENTITY
