"""The office's pages in one language."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment

from cardservice.domain.findings import Finding, has_errors
from cardservice.errors import Refusal
from cardservice.texts.languages import Language
from cardservice.texts.office import field_label, label, label_of, sentence
from cardservice.texts.office.catalogs import merged
from cardservice.texts.office.formats import day, moment
from cardservice.web.live_pages import remember_language
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import by_field, findings_of
from cardservice.web.office.navigation import places_for
from cardservice.web.office.parts import office_parts
from cardservice.web.page_templates import page_templates
from cardservice.web.signin.context import Visit
from cardservice.web.signin.cookies import Cookie
from cardservice.web.signin.forms import browser_secret, form_token, fresh_secret

CATALOGS: Final = "cardservice.web.office"


@cache
def _environment(language: Language) -> Environment:
    environment = page_templates(CATALOGS, merged(language, CATALOGS))
    environment.add_extension("jinja2.ext.do")
    environment.globals |= {
        "label": lambda value: label(value, language),
        "label_of": lambda kind, raw: label_of(kind, raw, language),
        "sentence": lambda one: sentence(one.code, one.sentence, language),
        "field_label": lambda path: field_label(path, language),
        "day": lambda value: day(value, language) if value else "",
    }
    return environment


def show(
    template: str,
    visit: Visit,
    *,
    asking: Asking | None = None,
    refusal: Refusal | None = None,
    findings: Iterable[Finding] = (),
    **values: object,
) -> HTMLResponse:
    """Return a page whose forms this browser may send back.

    Args:
        template: its name under ``templates/office``.
        visit: what it answers.
        asking: who is signed in; None: a visitor.
        refusal: what went wrong: shown at the top and beside its fields; the answer is 422.
        findings: what is wrong or doubtful in fields, when nothing was refused.
        values: what the template shows.
    """
    request, context = visit.request, visit.context
    found = (*findings, *(findings_of(refusal) if refusal else ()))
    known = browser_secret(request, context)
    used = known or fresh_secret(context)
    parts = office_parts(request)
    zone = parts.office.settings.zone
    html = (
        _environment(visit.language)
        .get_template(f"office/{template}")
        .render(
            language=visit.language,
            languages=tuple(Language),
            token=form_token(used),
            new_key=parts.new_key,
            today=parts.office.today,
            moment=lambda value: _moment(value, zone, visit.language),
            refusal=refusal,
            findings=by_field(found),
            wrong=has_errors(found),
            asking=asking,
            nav=tuple(places_for(asking.may if asking else None)),
            here=request.url.path if request.method == "GET" else None,
            **values,
        )
    )
    headers = {"Content-Language": visit.language, "Vary": "Accept-Language"}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    answer = HTMLResponse(html, status, headers)
    if known is None:
        context.cookies.write(answer, Cookie.BROWSER, used)
    remember_language(request, answer)
    return answer


def _moment(value: datetime | None, zone: object, language: Language) -> str:
    return (
        moment(value, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"), language)
        if value
        else ""
    )
