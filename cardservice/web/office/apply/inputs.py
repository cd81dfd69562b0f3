"""The steps of the form and what is asked in each; names as findings have them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto, unique
from types import MappingProxyType
from typing import Final

from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application
from cardservice.domain.documents import DocumentType, Whose
from cardservice.domain.holder import Category, Sex
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueKind, ReissueSubject


@unique
class Step(StrEnum):
    """A page of the form, in the order they are gone through."""

    WHY = "why"
    PERSON = "person"
    APPLICANT = "applicant"
    CONTACT = "contact"
    DOCUMENTS = "documents"
    CHECK = "check"


STEPS: Final = tuple(Step)


@unique
class Kind(Enum):
    """How a field is typed."""

    TEXT = auto()
    DAY = auto()
    CHOICE = auto()
    TICKS = auto()
    TICK = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A field of a page.

    Attributes:
        name: as findings have it; also its id on the page.
        path: where it is in ``domain.draft_form``.
        options: the values of a choice that the page offers; no other is taken.
        when: it belongs to the form only if the field so named has one of these values.
    """

    name: str
    path: tuple[str, ...]
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    when: tuple[str, frozenset[str]] | None = None


# An employer's people come in a table and their documents are seen later; so nobody chooses that
# way on the website.
OWN_CHANNELS: Final = (Channel.WEBSITE, Channel.HOME)
STAFF_CHANNELS: Final = (Channel.OFFICE, Channel.HOME, Channel.EMPLOYER, Channel.WEBSITE)


def _input(
    name: str,
    kind: Kind = Kind.TEXT,
    *,
    place: tuple[str, ...] = (),
    of: type[StrEnum] | None = None,
    when: tuple[str, frozenset[str]] | None = None,
) -> Input:
    path = (*place, *name.split("."))
    options = tuple(one.value for one in of) if of else ()
    return Input(name=name, path=path, kind=kind, options=options, when=when)


def _if(name: str, *values: StrEnum) -> tuple[str, frozenset[str]]:
    return name, frozenset(one.value for one in values)


_K: Final = Kind
_EMPTY: Final = Application()
_PERSON: Final = ("person",)
_CHANGE: Final = _if("reason", ApplyReason.INSURER_CHANGE)
_REISSUE: Final = _if("reason", ApplyReason.REISSUE)
_OTHER: Final = _if("applicant", Applicant.PARENT_OR_GUARDIAN, Applicant.REPRESENTATIVE)
_ATTORNEY: Final = _if("applicant", Applicant.REPRESENTATIVE)

_FIXED: Final[Mapping[Step, tuple[Input, ...]]] = MappingProxyType(
    {
        Step.WHY: (
            _input("reason", _K.CHOICE, of=ApplyReason),
            _input("ground.change_ground", _K.CHOICE, of=ChangeGround, when=_CHANGE),
            _input("ground.moved_on", _K.DAY, when=_if("ground.change_ground", ChangeGround.MOVE)),
            _input(
                "ground.insurer_left_on",
                _K.DAY,
                when=_if("ground.change_ground", ChangeGround.INSURER_LEFT),
            ),
            _input("ground.subjects", _K.TICKS, of=ReissueSubject, when=_REISSUE),
            _input("ground.kind", _K.CHOICE, of=ReissueKind, when=_REISSUE),
            _input("ground.changed_on", _K.DAY, when=_if("ground.kind", ReissueKind.CHANGED)),
            _input(
                "ground.cause",
                _K.CHOICE,
                of=DuplicateCause,
                when=_if("reason", ApplyReason.DUPLICATE),
            ),
            _input("disability", _K.TICK),
            _input("insurer_ogrn"),
        ),
        Step.PERSON: (
            *(_input(one, place=_PERSON) for one in ("surname", "given_name", "patronymic")),
            _input("sex", _K.CHOICE, place=_PERSON, of=Sex),
            _input("birth_date", _K.DAY, place=_PERSON),
            _input("birth_place", place=_PERSON),
            _input("category", _K.CHOICE, place=_PERSON, of=Category),
            *(_input(one, place=_PERSON) for one in ("citizenship_name", "citizenship_code")),
            *(_input(one, place=_PERSON) for one in ("snils", "enp")),
        ),
        Step.APPLICANT: (
            _input("applicant", _K.CHOICE, of=Applicant),
            _input("full_capacity", _K.TICK),
            *(
                _input(f"representative.{one}", when=_OTHER)
                for one in ("surname", "given_name", "patronymic", "phone")
            ),
            _input("representative.attorney.number", when=_ATTORNEY),
            _input("representative.attorney.issued_on", _K.DAY, when=_ATTORNEY),
            _input("representative.attorney.until", _K.DAY, when=_ATTORNEY),
        ),
        Step.CONTACT: tuple(_input(one, place=_PERSON) for one in ("address", "phone", "email")),
        Step.DOCUMENTS: (_input("photo_taken_on", _K.DAY),),
        Step.CHECK: (_input("consent", _K.TICK),),
    }
)
_OF_DOCUMENTS: Final = (
    ("kind", _K.CHOICE, DocumentType),
    ("whose", _K.CHOICE, Whose),
    ("number", _K.TEXT, None),
    ("issued_on", _K.DAY, None),
    ("issuer", _K.TEXT, None),
    ("expires_on", _K.DAY, None),
)
# Findings that are of a step and of no single field of it.
_WHOLE: Final[Mapping[Step, frozenset[str]]] = MappingProxyType(
    {
        Step.WHY: frozenset({"okato", "ground"}),
        Step.PERSON: frozenset({"person"}),
        Step.APPLICANT: frozenset({"representative", "representative.attorney"}),
        Step.DOCUMENTS: frozenset({"documents", "photo"}),
    }
)


def channels(draft: Application, *, by_staff: bool) -> tuple[Channel, ...]:
    """Return the ways it may come in, for who fills it in; the one it has is among them."""
    offered = STAFF_CHANNELS if by_staff else OWN_CHANNELS
    present = draft.channel
    return offered if present is None or present in offered else (present, *offered)


def inputs_of(
    step: Step, draft: Application = _EMPTY, *, by_staff: bool = False
) -> tuple[Input, ...]:
    """Return the fields of a step of ``draft``, for who fills it in."""
    found, documents = _FIXED[step], len(draft.documents)
    if step is Step.WHY:
        offered = tuple(one.value for one in channels(draft, by_staff=by_staff))
        return (*found, Input(name="channel", path=("channel",), kind=_K.CHOICE, options=offered))
    return (*found, *_document_inputs(documents)) if step is Step.DOCUMENTS else found


def step_of(field: str) -> Step:
    """Return the step that a finding's field is in; what is nowhere else, the last one checks."""
    if field.startswith("documents."):
        return Step.DOCUMENTS
    for step in STEPS:
        names = {one.name for one in inputs_of(step)} | _WHOLE.get(step, frozenset())
        if field in names:
            return step
    return Step.CHECK


def _document_inputs(count: int) -> Iterator[Input]:
    for index in range(count):
        for name, kind, of in _OF_DOCUMENTS:
            options = tuple(one.value for one in of) if of else ()
            full = f"documents.{index}.{name}"
            path = ("documents", str(index), name)
            yield Input(name=full, path=path, kind=kind, options=options)
