"""From what was typed on a page to the draft, and back; what cannot be kept is still shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cardservice.domain.findings import Finding
from cardservice.web.office.apply.days import read_day, show_day
from cardservice.web.office.apply.inputs import Input, Kind
from cardservice.web.office.forms import FormFields

Shown = str | bool | tuple[str, ...]
_REPLACEMENT: Final = "\ufffd"  # for NUL, which no database keeps in a text


@dataclass(frozen=True, slots=True, repr=False)
class Filled:
    """A page as it was sent.

    Attributes:
        form: the whole draft with what could be read of the page.
        typed: by the names of the fields, exactly as typed.
        findings: what could not be read; it is not in ``form``.
    """

    form: dict[str, object]
    typed: dict[str, Shown] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def fill(form: Mapping[str, object], inputs: Iterable[Input], sent: FormFields) -> Filled:
    """Return the draft ``form`` (``domain.draft_form``) with what was sent for ``inputs``.

    A field that does not belong to what was chosen is kept if it can be, and never judged.
    """
    known = tuple(inputs)
    filled = Filled(form=_copied(form))
    findings = tuple(
        found for one in known for found in _take(filled, one, sent) if belongs(one, known, sent)
    )
    return Filled(form=filled.form, typed=filled.typed, findings=findings)


def belongs(one: Input, known: Iterable[Input], sent: FormFields) -> bool:
    """Return whether a field counts, after what was chosen in those it depends on."""
    if one.when is None:
        return True
    name, values = one.when
    above = next((each for each in known if each.name == name), None)
    return sent.text(name) in values and (above is None or belongs(above, known, sent))


def shown(form: Mapping[str, object], inputs: Iterable[Input]) -> dict[str, Shown]:
    """Return what the fields of a page hold, by their names, as it is kept."""
    return {one.name: _shown(_found(form, one.path), one.kind) for one in inputs}


def _take(filled: Filled, one: Input, sent: FormFields) -> tuple[Finding, ...]:
    if one.kind is Kind.TICK:
        filled.typed[one.name] = sent.has(one.name)
        _put(filled.form, one.path, sent.has(one.name))
    elif one.kind is Kind.TICKS:
        return _take_ticks(filled, one, sent.texts(one.name))
    else:
        return _take_text(filled, one, sent.text(one.name).replace("\0", _REPLACEMENT))
    return ()


def _take_ticks(filled: Filled, one: Input, texts: tuple[str, ...]) -> tuple[Finding, ...]:
    known = tuple(text for text in dict.fromkeys(texts) if text in one.options)
    filled.typed[one.name] = known
    _put(filled.form, one.path, list(known))
    return () if len(known) == len(set(texts)) else (_unknown(one),)


def _take_text(filled: Filled, one: Input, text: str) -> tuple[Finding, ...]:
    filled.typed[one.name] = text
    if one.kind is Kind.TEXT:
        _put(filled.form, one.path, text)
        return ()
    if one.kind is Kind.CHOICE:
        fits = text in one.options
        _put(filled.form, one.path, text if fits else None)
        return () if fits or not text else (_unknown(one),)
    day = read_day(text)
    _put(filled.form, one.path, day.isoformat() if day else None)
    return () if day or not text.strip() else (_no_day(one),)


def _unknown(one: Input) -> Finding:
    return Finding(one.name, "choice-unknown", "This is none of the values there are.")


def _no_day(one: Input) -> Finding:
    return Finding(one.name, "day-impossible", "This is no day written DD.MM.YYYY.")


def _found(form: object, path: tuple[str, ...]) -> object:
    here: Any = form
    for name in path:
        if isinstance(here, Mapping):
            here = here.get(name)
        elif isinstance(here, list) and name.isdecimal() and int(name) < len(here):
            here = here[int(name)]
        else:
            return None
    return here


def _shown(value: object, kind: Kind) -> Shown:
    if kind is Kind.TICK:
        return bool(value)
    if kind is Kind.TICKS:
        return tuple(map(str, value)) if isinstance(value, list) else ()
    text = "" if value is None else str(value)
    return show_day(text) if kind is Kind.DAY else text


def _put(form: dict[str, object], path: tuple[str, ...], value: object) -> None:
    here: Any = form
    for name in path[:-1]:
        if isinstance(here, list):
            here = here[int(name)]
            continue
        if here.get(name) is None:
            here[name] = {}
        here = here[name]
    here[path[-1]] = value


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
