"""Whose form is filled in: an applicant's own, or one that a clerk enters for somebody."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.registry.applications import KIND
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act
from cardservice.registry.ports_applications import Application, Document
from cardservice.web.at_once import at_once
from cardservice.web.office.apply.inputs import Step
from cardservice.web.office.asking import Asking, asking

OWN = "/application"
ENTERED = "/office/enter"
CASES = "/office/applications"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The form of one application and who fills it in.

    Attributes:
        base: the address under which its steps are.
    """

    asking: Asking
    application_id: UUID
    base: str

    @property
    def by_staff(self) -> bool:
        """Whether a clerk enters it."""
        return self.asking.actor.role is not Role.APPLICANT

    @property
    def sent(self) -> str:
        """Where it goes on once the form was sent: a clerk has a next step, at the application."""
        return f"{CASES}/{self.application_id}" if self.by_staff else self.base

    def address(self, step: Step, *, checked: bool = False) -> str:
        """Return where a step is; ``checked``: with all that is wrong in it."""
        return f"{self.base}/{step.value}{'?checked=yes' if checked else ''}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Kept:
    """An application as it is kept now, and the documents that came with it."""

    application: Application
    documents: tuple[Document, ...]

    @property
    def present(self) -> tuple[Document, ...]:
        """Those documents that were not taken off again."""
        return tuple(one for one in self.documents if one.erased_at is None)


def own_entry(asking: Annotated[Asking, asking(Right.APPLICATION_OWN)]) -> Entry:
    """Return the form of the application that an applicant's session stands for."""
    return Entry(asking=asking, application_id=asking.web.subject.id, base=OWN)


def staff_entry(
    application_id: UUID, asking: Annotated[Asking, asking(Right.APPLICATION_ENTER)]
) -> Entry:
    """Return the form that a clerk enters."""
    base = f"{ENTERED}/{application_id}"
    return Entry(asking=asking, application_id=application_id, base=base)


OwnEntry = Annotated[Entry, Depends(at_once(own_entry))]
StaffEntry = Annotated[Entry, Depends(at_once(staff_entry))]


def kept_of(entry: Entry) -> Kept:
    """Return what is kept of the form, to be shown; the look at its person is recorded.

    Raises:
        Refusal: ``not-found``; also for an application that is another applicant's.
    """

    def read(act: Act) -> Kept:
        found = _whose(act, entry)
        act.look_at_application(found, f"{KIND}/{found.id}")
        return Kept(
            application=found,
            documents=act.work.documents.of_application(act.region, found.id),
        )

    return entry.asking.office.look(entry.asking.actor, entry.asking.region, read)


def row_of(entry: Entry) -> Application:
    """Return the application as it is kept now, to work with it: nobody sees it, as in ``kept_of``.

    Raises:
        Refusal: as ``kept_of``.
    """
    asking = entry.asking
    return asking.office.look(asking.actor, asking.region, lambda act: _whose(act, entry))


def _whose(act: Act, entry: Entry) -> Application:
    found = act.work.applications.get(act.region, entry.application_id)
    if not entry.by_staff and act.actor.name not in (found.entered_by, str(found.id)):
        raise not_found(KIND)
    return found
