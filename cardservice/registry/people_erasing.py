"""A person's own data: all of it given to them, and erased as far as the rules allow.

What must be kept is kept and said: policies and their insurers (the register of the insured),
decisions, the audit log, and who looked. [P] No official term was found for how long a closed
policy's person must stay readable; it is a setting.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.dates import EARLIEST_DATE
from cardservice.domain.lives import APPLICATION, ApplicationState, PolicyState
from cardservice.domain.terms import Term, Unit, last_day
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications_person import KIND
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.people import PersonFile, file_of, present
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.ports_people import Person

KEPT: Final = "policies,insurers,decisions,audit,looks"
KEEP_FOR: Final = Term(60, Unit.MONTHS)
"""How long after its last policy was closed a person stays readable. [P]"""

ERASED: Final = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson(OfficeCommand):
    """Make a person unreadable here."""

    person_id: UUID
    version: int


def export_person(
    office: Office, actor: Actor, *, region: str, person_id: UUID
) -> Mapping[str, object]:
    """Return all that is kept of one person, by kind; the look and the export are recorded.

    Scans lie elsewhere and are given with it by their documents' ids; keys are left out.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> Mapping[str, object]:
        actor.require(Right.PERSON_READ)
        found = act.work.people.find(region, person_id)
        if found is None:
            raise not_found("person")
        file = file_of(act.work, found)
        looks = act.work.looks.at_person(region, person_id)
        act.look(person_id, "export")
        act.record("person.export", KIND, person_id)
        return {**_plain(file), "looks": [asdict(one) for one in looks.rows]}

    return office.run(actor, region, read)


def erase_person(office: Office, actor: Actor, command: ErasePerson) -> Answer:
    """Return the erased record; ``made`` says what was erased and what is kept.

    The files of scans whose documents are erased can be deleted: their keys are gone with them.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``person-gone``;
            ``person-insured``: a policy is open; ``application-open``: one is not decided;
            ``retention``: the last policy was closed too short a time ago.
    """
    return office.carry_out(actor, command, _erase)


def _erase(act: Act, command: ErasePerson) -> Answer:
    act.actor.require(Right.PERSON_ERASE)
    found = present(act, command.person_id, command.version)
    file = file_of(act.work, found)
    _expect_erasable(act, file)
    documents = {one.id: one for one in file.documents}
    for document in documents.values():
        act.work.documents.change(_emptied_document(act, document))
    for application in file.applications:
        act.work.applications.change(_emptied_application(act, application))
    for merged in file.merged:
        act.work.people.change(_emptied(act, merged))
    kept = act.work.people.change(_emptied(act, found))
    erased = f"person,applications:{len(file.applications)},documents:{len(documents)}"
    said = {"erased": erased, "kept": KEPT}
    act.record("person.erase", KIND, kept.id, **said)
    return Answer(id=kept.id, version=kept.version, made=said)


def _expect_erasable(act: Act, file: PersonFile) -> None:
    if any(one.state != PolicyState.CLOSED.value for one in file.policies):
        raise Refusal("person-insured", "The person has a policy; their data must be kept.")
    if any(ApplicationState(one.state) not in APPLICATION.final for one in file.applications):
        raise Refusal("application-open", "An application of the person is not decided yet.")
    closed: list[date] = [one.closed_on for one in file.policies if one.closed_on]
    if closed and act.today <= last_day(KEEP_FOR, max(closed), act.settings.calendar):
        sentence = f"The data must be kept for {KEEP_FOR} after the policy was closed."
        raise Refusal("retention", sentence)


def _emptied(act: Act, person: Person) -> Person:
    return replace(
        person,
        surname=ERASED,
        given_name=ERASED,
        patronymic=None,
        birth_date=EARLIEST_DATE,
        birth_place=None,
        citizenship_code=None,
        citizenship_name=None,
        snils=None,
        address=None,
        phone=None,
        email=None,
        erased_at=act.now,
    )


def _emptied_application(act: Act, one: Application) -> Application:
    return replace(one, draft={}, birth_date=None, ground=None, updated_at=act.now)


def _emptied_document(act: Act, one: Document) -> Document:
    return replace(
        one,
        number=None,
        issued_on=None,
        issuer=None,
        expires_on=None,
        content_hash=None,
        wrapped_key=None,
        erased_at=act.now,
    )


def _plain(file: PersonFile) -> dict[str, object]:
    whole = asdict(file)
    for document in whole["documents"]:
        document.pop("wrapped_key")
    return whole
