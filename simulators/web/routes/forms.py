"""The page's forms: they work without script, and nobody but our own page can send them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from simulators.reader.errors import ReaderError
from simulators.web.catalog import translations
from simulators.web.context import Context, Moved, RequestLanguage, WebContext
from simulators.web.languages import Language
from simulators.web.models import COMMANDS_MAX, NAME_MAX
from simulators.web.problems import detail_of, kind_of, problem_response
from simulators.web.routes.pages import page_response
from simulators.web.routes.readers import put_plan
from simulators.web.security import JSON_TYPE, verify_own_form
from simulators.web.texts import NO_CARD_CHOSEN

router = APIRouter(prefix="/page")

HELD_S: Final = 2.0
_TOKEN_MAX: Final = 100

FormName = Annotated[str, Form(max_length=NAME_MAX)]
FormToken = Annotated[str, Form(max_length=_TOKEN_MAX)]
FormCount = Annotated[int, Form(ge=1, le=COMMANDS_MAX)]


def sent_by_our_page(request: Request, context: Context, token: FormToken) -> None:
    """Return if the form is one of our own page."""
    verify_own_form(request, token, context.token)


class Sender:
    """The page that sent a form, and how it wants to be answered."""

    def __init__(
        self,
        request: Request,
        context: Context,
        language: RequestLanguage,
        _: Annotated[None, Depends(sent_by_our_page)],
    ) -> None:
        self._script = JSON_TYPE in request.headers.get("accept", "")
        self._context: WebContext = context
        self._language: Language = language

    def answer(self, action: Callable[[], object], *, chosen: str = "") -> Response:
        """Do it; return to the page, or show it with what was refused."""
        try:
            action()
        except ReaderError as error:
            return self._refusal(error, chosen)
        if self._script:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    def no_card(self) -> Response:
        """Say that no card was chosen."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if self._script:
            return Response(status_code=status)
        problem = (NO_CARD_CHOSEN, "")
        return page_response(self._context, self._language, problem=problem, status=status)

    def _refusal(self, error: ReaderError, chosen: str) -> Response:
        kind, detail = kind_of(error), detail_of(error) or ""
        if self._script:
            shown = translations(self._language).gettext(kind.title)
            return problem_response(error, shown=shown)
        return page_response(
            self._context,
            self._language,
            chosen=chosen,
            problem=(kind.title, detail),
            status=kind.status,
        )


From = Annotated[Sender, Depends(Sender)]


@router.post("/insert")
def insert(sender: From, moved: Moved, reader: FormName, card: FormName = "") -> Response:
    """Put the chosen card into a reader, in place of what is there."""
    if not card:
        return sender.no_card()
    return sender.answer(lambda: moved.put_card(reader, card), chosen=card)


@router.post("/tap")
def tap(sender: From, moved: Moved, reader: FormName, card: FormName = "") -> Response:
    """Hold the chosen card to a reader for two seconds."""
    if not card:
        return sender.no_card()
    return sender.answer(lambda: moved.put_card(reader, card, hold_s=HELD_S), chosen=card)


@router.post("/remove")
def remove(sender: From, moved: Moved, reader: FormName, card: FormName = "") -> Response:
    """Take the card out of a reader."""
    return sender.answer(lambda: moved.remove_card(reader), chosen=card)


@router.post("/pull")
def pull(
    sender: From,
    moved: Moved,
    reader: FormName,
    after: FormCount,
    *,
    during: Annotated[bool, Form()] = False,
) -> Response:
    """Pull the card out at a command from now."""
    return sender.answer(lambda: moved.pull_after(reader, commands=after, during=during))


@router.post("/faults")
def set_faults(sender: From, moved: Moved, reader: FormName, plan: FormName) -> Response:
    """Put a ready plan in force."""
    return sender.answer(lambda: put_plan(moved, reader, {"name": plan}))


@router.post("/faults/end")
def end_faults(sender: From, moved: Moved, reader: FormName) -> Response:
    """End the faults of a reader."""
    return sender.answer(lambda: moved.set_faults(reader, None))
