"""The forms of requests that are read by hand, for the description of the API."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from cardservice.verify.relaying import MAX_ANSWER

Form = dict[str, Any]
_REGION: Final[Form] = {"type": ["string", "null"], "pattern": "^[0-9]{5}$"}
_HEX: Final = "^([0-9a-fA-F]{2})*$"
_STEP: Final[Form] = {"type": "integer", "minimum": 1, "maximum": 999_999}
_ATR_DIGITS: Final = 66

VERDICT: Final[Form] = {
    "description": "The verdict, or the problem that kept the card from one.",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
STEP: Final[Form] = {
    "description": "The next commands for the card, or the verdict.",
    "content": {"application/json": {"schema": {"type": "object", "required": ["step"]}}},
}


def files_form(limits: Mapping[str, int], optional: Collection[str]) -> Form:
    """Return the form of posted files; ``limits`` are octets before Base64."""
    files = {
        name: {"type": ["string", "null"], "format": "byte", "maxLength": (most + 2) // 3 * 4}
        for name, most in limits.items()
    }
    wanted = [name for name in limits if name not in optional]
    members = {"files": _object(files, wanted), "region": _REGION}
    return _body(_object(members, ["files"]))


def opening_form() -> Form:
    """Return the form of what begins a session."""
    members = {
        "atr": {"type": ["string", "null"], "pattern": _HEX, "maxLength": _ATR_DIGITS},
        "can": {"type": ["string", "null"], "pattern": "^[0-9]{6}$"},
        "photo": {"type": "boolean"},
        "region": _REGION,
    }
    return _body(_object(members, []), required=False)


def answers_form() -> Form:
    """Return the form of a card's answers."""
    answer = {"type": "string", "pattern": _HEX, "maxLength": 2 * MAX_ANSWER}
    members = {
        "step": _STEP,
        "answers": {"type": "array", "items": answer, "maxItems": 1},
        "failure": {"enum": ["card-removed", "reader-failed", None]},
    }
    return _body(_object(members, ["step"]))


def _object(members: Form, wanted: list[str]) -> Form:
    return {
        "type": "object",
        "properties": members,
        "required": wanted,
        "additionalProperties": False,
    }


def _body(schema: Form, *, required: bool = True) -> Form:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": required, "content": content}}
