"""What stands beside the fields of the form: by step, under the names that its pages have."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from cardservice.domain.application import Application
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.findings import Finding
from cardservice.domain.required_documents import Requirement, required_documents
from cardservice.registry.applications_submitting import check_application
from cardservice.registry.applications_telling import told_to
from cardservice.registry.frame import Office
from cardservice.registry.ports_applications import Application as Row
from cardservice.web.office.apply.entry import Entry
from cardservice.web.office.apply.inputs import Step, step_of

_PERSON: Final = "person."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is asked for, and whether one was given."""

    requirement: Requirement
    given: bool


def judge(entry: Entry, row: Row) -> tuple[Finding, ...]:
    """Return all that is wrong or doubtful in the draft as it is kept."""
    found = check_application(
        entry.asking.office,
        entry.asking.actor,
        region=row.region,
        application_id=row.id,
        version=row.version,
    )
    return on_page(found, entry)


def on_page(findings: Iterable[Finding], entry: Entry) -> tuple[Finding, ...]:
    """Return findings under the names that fields have on the pages, each once.

    What the register says is told to the office alone (``registry.applications_telling``).
    """
    told = told_to(entry.asking.actor.role, findings)
    named = (replace(one, field=one.field.removeprefix(_PERSON)) for one in told)
    return tuple(dict.fromkeys(named))


def of_step(step: Step, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those of ``findings`` that are to be mended on the page of ``step``."""
    return tuple(one for one in findings if step_of(one.field) is step)


def wanted_documents(draft: Application, office: Office) -> tuple[Wanted, ...]:
    """Return what the person must show, in order; nothing while it is not known who they are."""
    person, applicant = draft.person, draft.applicant
    if person.category is None or person.birth_date is None or applicant is None:
        return ()
    required = required_documents(
        person.category,
        applicant,
        birth_date=person.birth_date,
        on=office.today,
        rules=office.settings.rules,
    )
    held = [*draft.documents]
    if person.snils.strip():
        # The number alone will do: there is no paper any more.
        held.append(Document(kind=DocumentType.SNILS, number=person.snils))
    return tuple(Wanted(one, any(map(one.is_met_by, held))) for one in required)
