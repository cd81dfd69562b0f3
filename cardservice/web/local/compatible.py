"""GET /?args=…: for pages written for older local reader services, at one origin.

Such a page asks for fields by name and gets ``{"ok", "msg", "data"}``. It knows no token, so it
is answered only for the one origin the desk was told, and only while a judged card lies there.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi.responses import JSONResponse
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cardservice.domain.holder import Sex
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.texts.languages import Language
from cardservice.texts.office import sentence
from cardservice.verify.examination import Examination
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import DeskState, Phase, ReaderState
from cardservice.web.local.answering import PREFLIGHT_S, shared_with
from cardservice.web.local.origins import verify_origin
from cardservice.web.problems import problem_response
from cardservice.web.security import UnknownHostError, verify_host
from cardservice.web.verdicts import verdict_document

ARGS: Final = "args"
ARGS_MAX: Final = 500  # characters
_SEXES: Final = MappingProxyType({Sex.MALE: "1", Sex.FEMALE: "2"})
_DAY: Final = "%d.%m.%Y"
Fields = Mapping[str, str]


class CompatibleRoute:
    """Answers the older question and passes everything else on.

    Args:
        app: the desk.
        hub: the desk's state.
        hosts: names the desk answers to.
        origin: whose pages may ask so.
    """

    def __init__(self, app: ASGIApp, hub: DeskHub, hosts: frozenset[str], origin: str) -> None:
        self._app = app
        self._hub = hub
        self._hosts = hosts
        self._origin = frozenset({origin})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(Request(scope)) if _is_asked(scope) else self._app
        await answer(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        try:
            verify_host(request.headers, self._hosts)
            origin = verify_origin(request.headers, self._origin)
        except UnknownHostError as error:
            return problem_response(error)
        except Refusal as refusal:
            return _said(refusal.code, refusal.sentence, status=HTTPStatus.FORBIDDEN)
        if request.method == "OPTIONS":
            return shared_with(_preflight(request), origin)
        return shared_with(answer_of(self._hub.state, request.query_params[ARGS]), origin)


def answer_of(desk: DeskState, args: str) -> JSONResponse:
    """Return the answer for the fields named in ``args``, separated by commas."""
    judged = [one for one in desk.readers if one.phase is Phase.JUDGED and not one.lifted]
    if len(args) > ARGS_MAX:
        return _said("args-too-long", "The list of fields is too long.")
    if not judged:
        return _said("no-card", "No card that has been read lies on a reader.")
    if len(judged) > 1:
        return _said("several-cards", "Several cards lie on the readers; leave one.")
    return _card(judged[0], [one.strip() for one in args.split(",") if one.strip()])


def _card(state: ReaderState, names: list[str]) -> JSONResponse:
    result = state.examination
    verdict = None if result is None else result.verdict
    if result is None or verdict is None or verdict.outcome is not Outcome.VALID:
        return _not_valid(result)
    fields = fields_of(result)
    unknown = [one for one in names if one not in fields]
    if unknown:
        return _said("args-unknown", "A field that was asked for is not known to this desk.")
    return _respond(ok=True, msg="", data={one: fields[one] for one in names})


def fields_of(result: Examination) -> Fields:
    """Return every field by the name that older pages use; one that the card lacks is empty."""
    holder, insurance = result.holder, result.insurance
    if holder is None or insurance is None:
        return {}
    end = insurance.end_date
    return {
        "surname": holder.surname,
        "name": holder.given_name,
        "patr": holder.patronymic or "",
        "sex": _SEXES[holder.sex],
        "birth_date": holder.birth_date.strftime(_DAY),
        "birth_place": holder.birth_place or "",
        "snils": "" if holder.snils is None else str(holder.snils),
        "enp": str(holder.enp),
        "ogrn": str(insurance.ogrn),
        "okato": str(insurance.okato),
        "date_from": insurance.start_date.strftime(_DAY),
        "date_to": "" if end is None else end.strftime(_DAY),
    }


def _not_valid(result: Examination | None) -> JSONResponse:
    """Return why, in Russian, as those pages show it; nothing of the person goes with it."""
    if result is None:
        return _said("no-card", "No card that has been read lies on a reader.")
    said = verdict_document(result, language=Language.RU, holder=False)
    return _respond(ok=False, msg=str(said["sentence"]), data={})


def _is_asked(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["path"] != "/":
        return False
    return scope["method"] in {"GET", "OPTIONS"} and ARGS in QueryParams(scope["query_string"])


def _preflight(request: Request) -> Response:
    headers = {
        "Access-Control-Allow-Methods": "GET",
        "Access-Control-Max-Age": str(PREFLIGHT_S),
    }
    if request.headers.get("access-control-request-private-network") == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


def _said(code: str, english: str, *, status: HTTPStatus = HTTPStatus.OK) -> JSONResponse:
    return _respond(ok=False, msg=sentence(code, english, Language.RU), data={}, status=status)


def _respond(
    *, ok: bool, msg: str, data: Fields, status: HTTPStatus = HTTPStatus.OK
) -> JSONResponse:
    # The headers of the desk's own answers are put on by a layer that this one stands before.
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return JSONResponse({"ok": ok, "msg": msg, "data": dict(data)}, status, headers)
