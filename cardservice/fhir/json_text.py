"""JSON from a client: bounded, in UTF-8, every member once.

Source: RFC 8259; RFC 7493 (I-JSON), 2.1 to 2.3; HL7 FHIR R4, 2.6.2.
"""

import json
from collections.abc import Iterable
from typing import Final, NoReturn

from cardservice.errors import Refusal
from cardservice.fhir.faults import Fault, refusal

BODY_OCTETS: Final = 65_536  # a request of every element that is read has about two thousand
DEPTH: Final = 16  # an identifier of an assigner of an identifier, and so on, ends long before


def parse_object(octets: bytes, *, at: str) -> dict[str, object]:
    """Return the JSON object that ``octets`` are, at most 64 KiB and 16 levels deep.

    Args:
        octets: the body.
        at: what it should be, for the refusal.

    Raises:
        Refusal: ``fhir-body-too-large``, ``fhir-json-malformed``, ``fhir-nesting-too-deep`` or
            ``fhir-element-type``.
    """
    if len(octets) > BODY_OCTETS:
        raise refusal(Fault.BODY_TOO_LARGE, f"More than {BODY_OCTETS} octets were sent.", at=at)
    value = _loaded(octets, at)
    _expect_shallow(value, at)
    if not isinstance(value, dict):
        raise refusal(Fault.ELEMENT_TYPE, "The body is not a JSON object.", at=at)
    return value


def _loaded(octets: bytes, at: str) -> object:
    try:
        value: object = json.loads(
            octets.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number
        )
    except RecursionError:
        raise _too_deep(at) from None
    except ValueError:  # also UnicodeDecodeError, and an integer of too many digits
        sentence = "The body is not JSON in UTF-8 with every member once."
        raise refusal(Fault.JSON_MALFORMED, sentence, at=at) from None
    return value


def _each_once(members: list[tuple[str, object]]) -> dict[str, object]:
    # Two readers of one text could otherwise see two requests: the first value, or the last.
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member stands twice")
    return found


def _no_number(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no numbers of JSON")


def _expect_shallow(value: object, at: str) -> None:
    level: list[object] = [value]
    for _ in range(DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise _too_deep(at)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep(at: str) -> Refusal:
    return refusal(Fault.NESTING_TOO_DEEP, f"The body is deeper than {DEPTH} levels.", at=at)
