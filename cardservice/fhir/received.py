"""One element of what a client sent, looked into with the place at hand.

It refuses what it does not know, as the standard lets a server do: what is passed over in silence
may be what the client meant.

Source: HL7 FHIR R4, 2.1.0.1 (elements), 2.4 (modifier extensions), 2.6.2 (JSON).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from cardservice.domain.texts import is_showable
from cardservice.errors import Refusal
from cardservice.fhir.faults import Fault, refusal

TEXT_LENGTH: Final = 255  # characters; this project's own: room for any address or number
# Every element may have them, and they change nothing about what it means.
_HARMLESS: Final = frozenset({"id", "extension"})
_NAME_LENGTH: Final = 64  # characters; no element of the standard has a longer name


@dataclass(frozen=True, slots=True)
class Received:
    """An element and its FHIRPath.

    Attributes:
        at: as ``CoverageEligibilityRequest.insurance[0]``.
    """

    members: dict[str, object] = field(repr=False)
    at: str

    def expect_only(self, known: Collection[str], *, not_supported: Collection[str] = ()) -> None:
        """Refuse members that are not ``known``, and those that would change the meaning.

        Raises:
            Refusal: ``fhir-element-not-supported`` or ``fhir-element-unknown``.
        """
        for name in self.members:
            # An extension of a simple value stands beside it, under its name with a low line.
            plain = name.removeprefix("_")
            if plain in not_supported:
                sentence = "This service does not process this element; leave it out."
                raise refusal(Fault.ELEMENT_NOT_SUPPORTED, sentence, at=f"{self.at}.{plain}")
            if plain not in known and plain not in _HARMLESS:
                sentence = f"There is an element {_quotable(name)}that is not known here."
                raise refusal(Fault.ELEMENT_UNKNOWN, sentence, at=self.at)

    def text(self, name: str, *, limit: int = TEXT_LENGTH) -> str | None:
        """Return a text of 1 to ``limit`` characters without hidden ones; ``None`` if absent.

        Raises:
            Refusal: ``fhir-element-type``, ``fhir-value-form`` or ``fhir-text-too-long``.
        """
        value = self.members.get(name)
        if name not in self.members:
            return None
        place = self._place(name)
        if not isinstance(value, str):
            raise refusal(Fault.ELEMENT_TYPE, "This is not a text.", at=place)
        if len(value) > limit:
            sentence = f"This text is longer than {limit} characters."
            raise refusal(Fault.TEXT_TOO_LONG, sentence, at=place)
        if not value.strip() or not is_showable(value) or _has_odd_blank(value):
            raise refusal(
                Fault.VALUE_FORM, "This text is empty or has hidden characters.", at=place
            )
        return value

    def required_text(self, name: str, *, limit: int = TEXT_LENGTH) -> str:
        """Return the text; Raises: Refusal, also ``fhir-element-missing``."""
        value = self.text(name, limit=limit)
        if value is None:
            raise self.missing(name)
        return value

    def flag(self, name: str) -> bool | None:
        """Return a truth value, ``None`` if absent; Raises: Refusal ``fhir-element-type``."""
        value = self.members.get(name)
        if name in self.members and not isinstance(value, bool):
            raise refusal(Fault.ELEMENT_TYPE, "This is not true or false.", at=self._place(name))
        return value if isinstance(value, bool) else None

    def element(self, name: str) -> "Received | None":
        """Return an element, ``None`` if absent; Raises: Refusal ``fhir-element-type``."""
        if name not in self.members:
            return None
        return _element(self.members[name], self._place(name))

    def required_element(self, name: str) -> "Received":
        """Return the element; Raises: Refusal, also ``fhir-element-missing``."""
        value = self.element(name)
        if value is None:
            raise self.missing(name)
        return value

    def elements(self, name: str, *, most: int) -> tuple["Received", ...]:
        """Return a list of elements, none if absent.

        Raises:
            Refusal: ``fhir-element-type`` or ``fhir-too-many``.
        """
        return tuple(_element(value, place) for value, place in self._listed(name, most))

    def texts(self, name: str, *, most: int) -> tuple[str, ...]:
        """Return a list of texts, none if absent; Raises: Refusal as ``elements`` and ``text``."""
        listed = self._listed(name, most)
        alone = (Received({"": value}, place) for value, place in listed)
        return tuple(one.required_text("") for one in alone)

    def missing(self, name: str) -> Refusal:
        """Return the refusal that a member is not there."""
        return refusal(Fault.ELEMENT_MISSING, "This element is missing.", at=self._place(name))

    def _listed(self, name: str, most: int) -> Iterator[tuple[object, str]]:
        values = self.members.get(name, ())
        place = self._place(name)
        if name not in self.members:
            return
        if not isinstance(values, list) or not values:
            raise refusal(Fault.ELEMENT_TYPE, "This is not a list of something.", at=place)
        if len(values) > most:
            raise refusal(Fault.TOO_MANY, f"There are more than {most} of these.", at=place)
        yield from ((value, f"{place}[{index}]") for index, value in enumerate(values))

    def _place(self, name: str) -> str:
        return f"{self.at}.{name}" if name else self.at


def _element(value: object, at: str) -> Received:
    if not isinstance(value, dict) or not value:
        raise refusal(Fault.ELEMENT_TYPE, "This is not an element with something in it.", at=at)
    return Received(value, at)


def _has_odd_blank(text: str) -> bool:
    # Of all blanks the standard's form of a string has only the plain one, and what breaks lines.
    return any(one.isspace() and one != " " for one in text)


def _quotable(name: str) -> str:
    # A name the client made up may be a person's; one that looks like an element's helps.
    looks = name.isascii() and name.replace("_", "").isalpha() and len(name) <= _NAME_LENGTH
    return f"“{name}” " if looks else ""
