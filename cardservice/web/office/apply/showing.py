"""What the pages of the form offer to choose from, and what they show besides the fields."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application
from cardservice.domain.documents import DocumentType, Whose
from cardservice.domain.holder import Category, Sex
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueKind, ReissueSubject
from cardservice.texts.languages import Language
from cardservice.texts.office import choices, label
from cardservice.uploads.receiving import MEBIBYTE, SCAN_OCTETS
from cardservice.web.office.apply.entry import Entry
from cardservice.web.office.apply.inputs import Step, channels
from cardservice.web.office.apply.judging import wanted_documents

Values = Mapping[str, Any]
BESIDE_FILE: Final = ("what", "number", "issued_on", "issuer", "expires_on")
"""The texts that are sent with a document's file."""

_REPRESENTING: Final = frozenset({DocumentType.POWER_OF_ATTORNEY, DocumentType.GUARDIANSHIP_ACT})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Offered:
    """The form as it is kept, who looks at it, and in which language."""

    entry: Entry
    draft: Application
    language: Language


def values_for(step: Step, seen: Offered) -> Values:
    """Return what the template of ``step`` shows besides the fields' values."""
    return _OF_STEP[step](seen)


def document_choices(draft: Application, language: Language) -> tuple[tuple[str, str], ...]:
    """Return ``WHOSE/KIND`` and its words, for the documents that can be added."""
    return tuple(_documents(draft, language))


def _documents(draft: Application, language: Language) -> Iterator[tuple[str, str]]:
    alone = draft.applicant in (None, Applicant.SELF)
    for who in (Whose.PERSON,) if alone else tuple(Whose):
        for kind in DocumentType:
            if kind not in _REPRESENTING or who is Whose.REPRESENTATIVE:
                words = label(kind, language)
                said = words if alone else f"{words} — {label(who, language).lower()}"
                yield f"{who.value}/{kind.value}", said


def _why(seen: Offered) -> Values:
    language, papers = seen.language, seen.entry.asking.parts.papers
    offered = channels(seen.draft, by_staff=seen.entry.by_staff)
    return {
        "reasons": choices(ApplyReason, language),
        "change_grounds": choices(ChangeGround, language),
        "subjects": choices(ReissueSubject, language),
        "kinds": choices(ReissueKind, language),
        "causes": choices(DuplicateCause, language),
        "channels": tuple((one.value, label(one, language)) for one in offered),
        "insurer": papers.insurer if papers else None,
    }


def _person(seen: Offered) -> Values:
    return {
        "sexes": choices(Sex, seen.language),
        "categories": choices(Category, seen.language),
    }


def _applicant(seen: Offered) -> Values:
    return {"applicants": choices(Applicant, seen.language)}


def _nothing(_: Offered) -> Values:
    return {}


def _some_documents(seen: Offered) -> Values:
    return {
        "wanted": wanted_documents(seen.draft, seen.entry.asking.office),
        "offered": document_choices(seen.draft, seen.language),
        "mebibytes": SCAN_OCTETS // MEBIBYTE,
        "added": dict.fromkeys(BESIDE_FILE, ""),
    }


_OF_STEP: Final[Mapping[Step, Callable[[Offered], Values]]] = {
    Step.WHY: _why,
    Step.PERSON: _person,
    Step.APPLICANT: _applicant,
    Step.CONTACT: _nothing,
    Step.DOCUMENTS: _some_documents,
    Step.CHECK: _nothing,
}
