"""Finding a resource by identifier, and the Bundle of what was found.

Source: HL7 FHIR R4, 3.1.1 (Search), 3.1.1.4.10 (token), 2.36 (Bundle).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Final
from urllib.parse import urlencode

from cardservice.domain.numbers import parse_enp, parse_ogrn, parse_snils
from cardservice.domain.texts import is_showable
from cardservice.errors import Refusal
from cardservice.fhir.elements import Element, resource
from cardservice.fhir.faults import Fault, refusal
from cardservice.fhir.received import TEXT_LENGTH
from cardservice.fhir.systems import Systems

IDENTIFIER: Final = "identifier"
_FORMAT: Final = "_format"
_JSON: Final = frozenset({"json", "application/json", "application/fhir+json"})
_PLACE: Final = "http.{}"  # FHIR's way to point at a parameter in an OperationOutcome


@unique
class Number(StrEnum):
    """What something is found by."""

    ENP = "enp"
    SNILS = "snils"
    OGRN = "ogrn"


_PARSERS: Final[dict[Number, Callable[[str], str]]] = {
    Number.ENP: parse_enp,
    Number.SNILS: parse_snils,
    Number.OGRN: parse_ogrn,
}
_SEARCHED: Final = {
    "Patient": (Number.ENP, Number.SNILS),
    "Coverage": (Number.ENP,),
    "Organization": (Number.OGRN,),
}
SEARCHABLE: Final = tuple(_SEARCHED)


@dataclass(frozen=True, slots=True)
class IdentifierSearch:
    """Which resource is sought: its type and one number.

    Attributes:
        value: checked, in the form of the number's own parser (``Enp``, ``Snils``, ``Ogrn``).
    """

    kind: str
    number: Number
    value: str = field(repr=False)


def parse_identifier_search(
    kind: str, parameters: Sequence[tuple[str, str]], systems: Systems
) -> IdentifierSearch:
    """Return what a client seeks with ``identifier=SYSTEM|VALUE``, and perhaps ``_format``.

    Another parameter is refused even if the client is lenient: passed over, it would make the
    answer wider than what was asked for.

    Args:
        kind: ``Patient``, ``Coverage`` or ``Organization``.
        parameters: decoded names and values, of the address or of a form.
        systems: URIs of the numbers.

    Raises:
        Refusal: with a ``Fault`` as its code, or one of the number's parser.
    """
    named = _named(parameters)
    if named.get(_FORMAT, "json") not in _JSON:
        raise refusal(
            Fault.VALUE_NOT_SUPPORTED, "Only JSON is answered.", at=_PLACE.format(_FORMAT)
        )
    if IDENTIFIER not in named:
        sentence = "The parameter identifier is missing."
        raise refusal(Fault.PARAMETER_MISSING, sentence, at=_PLACE.format(IDENTIFIER))
    return _sought(kind, named[IDENTIFIER], systems)


def searchset(found: Sequence[Element], search: IdentifierSearch, systems: Systems) -> Element:
    """Return the Bundle of what was found, perhaps nothing; each resource has an id.

    It says what was sought, number and all: it is answered to who sent that, never logged.
    """
    token = f"{_system(search.number, systems)}|{_bare(search)}"
    address = f"{systems.base}/{search.kind}?{urlencode({IDENTIFIER: token})}"
    entries = [
        {
            "fullUrl": f"{systems.base}/{one['resourceType']}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in found
    ]
    elements = {
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": address}],
        "entry": entries,
    }
    return resource("Bundle", elements)


def _named(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, value in parameters:
        if name not in (IDENTIFIER, _FORMAT):
            sentence = "Only identifier and _format are known here."
            raise refusal(Fault.PARAMETER_UNKNOWN, sentence, at="http")
        if name in named:
            sentence = "This parameter stands more than once."
            raise refusal(Fault.PARAMETER_REPEATED, sentence, at=_PLACE.format(name))
        named[name] = value
    return named


def _sought(kind: str, token: str, systems: Systems) -> IdentifierSearch:
    place = _PLACE.format(IDENTIFIER)
    if len(token) > TEXT_LENGTH or not is_showable(token):
        raise refusal(Fault.VALUE_FORM, "This identifier is too long or hides something.", at=place)
    system, bar, value = token.partition("|")
    known = {_system(one, systems): one for one in _SEARCHED.get(kind, ())}
    if not bar or system not in known:
        sentence = f"It is SYSTEM|VALUE, with the system {' or '.join(known) or 'of no number'}."
        raise refusal(Fault.IDENTIFIER_SYSTEM, sentence, at=place)
    try:
        return IdentifierSearch(kind, known[system], _PARSERS[known[system]](value))
    except Refusal as wrong:
        raise Refusal(wrong.code, wrong.sentence, field=place) from None


def _system(number: Number, systems: Systems) -> str:
    return {Number.ENP: systems.enp, Number.SNILS: systems.snils, Number.OGRN: systems.ogrn}[number]


def _bare(search: IdentifierSearch) -> str:
    return "".join(filter(str.isdigit, search.value))
