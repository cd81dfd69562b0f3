"""The stage of the demonstration: the office, who acts in it, and people who apply."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cardservice.accounts.roles import Role
from cardservice.domain.application import Application
from cardservice.domain.documents import DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.home.office_demonstration_pictures import MEDIA_TYPE, passport, portrait
from cardservice.pki.keys import SecretKey
from cardservice.registry.actor import Actor
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.applications_photo import AttachPhoto, attach_photo
from cardservice.registry.applications_submitting import SubmitApplication, submit
from cardservice.registry.commands import Answer
from cardservice.registry.frame import Office
from cardservice.uploads.vault import ScanVault

_KEY_OCTETS: Final = 9
_NOWHERE: Final = UUID(int=0)  # until there is a place
_KINDS_OF_PICTURES: Final = 16  # the same few are kept once


class StageLeftError(Exception):
    """The demonstration was asked to stop before its past was made up."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """The office while its past is made up.

    Attributes:
        row_secret: for fingerprints of rows of tables.
        people: drafts; each is taken once, from the front.
        stop: says whether there is to be no more of it.
        place: where cards are handed over.
        filed, orders, cards: what came of them, to go on with; the next one is the first.
        applicant: number and birth date of the one who applied last.
    """

    office: Office
    region: str
    actors: Mapping[Role, Actor]
    vault: ScanVault
    row_secret: SecretKey
    people: tuple[Application, ...]
    stop: Callable[[], bool] = lambda: False
    taken: int = 0
    place: UUID = _NOWHERE
    filed: list[Answer] = field(default_factory=list)
    orders: list[Answer] = field(default_factory=list)
    cards: list[Answer] = field(default_factory=list)
    applicant: str = ""

    def key(self) -> str:
        """Return an idempotency key that nobody has used; raises StageLeftError."""
        if self.stop():
            raise StageLeftError
        return secrets.token_urlsafe(_KEY_OCTETS)

    def by(self, role: Role) -> tuple[Office, Actor]:
        """Return the office, and who acts in that role."""
        return self.office, self.actors[role]

    def next_person(self) -> Application:
        """Return a person who has not applied yet."""
        self.taken += 1
        return self.people[self.taken - 1]


def begin(stage: Stage, form: Application) -> Answer:
    """Return a draft with a photo."""
    command = StartDraft(region=stage.region, key=stage.key(), form=draft_form(form))
    begun = start_draft(*stage.by(Role.CLERK), command)
    photo = AttachPhoto(
        region=stage.region,
        key=stage.key(),
        application_id=begun.id,
        version=begun.version,
        scan=_kept(stage, portrait(stage.taken % _KINDS_OF_PICTURES)),
    )
    return attach_photo(*stage.by(Role.CLERK), photo)


def file_people(stage: Stage, count: int) -> list[Answer]:
    """Return the applications of the next people, submitted."""
    return [_submitted(stage, stage.next_person()) for _ in range(count)]


def _submitted(stage: Stage, form: Application) -> Answer:
    begun = begin(stage, form)
    shown = AttachDocument(
        region=stage.region,
        key=stage.key(),
        application_id=begun.id,
        version=begun.version,
        kind=DocumentType.PASSPORT_RF,
        number=form.documents[0].number,
        issued_on=form.documents[0].issued_on,
        issuer=form.documents[0].issuer,
        scan=_kept(stage, passport(stage.taken % _KINDS_OF_PICTURES)),
    )
    ready = attach_document(*stage.by(Role.CLERK), shown)
    command = SubmitApplication(
        region=stage.region, key=stage.key(), application_id=ready.id, version=ready.version
    )
    filed = submit(*stage.by(Role.CLERK), command)
    stage.applicant = f"number {filed.number}, born {form.person.birth_date:%d.%m.%Y}"
    return filed


def _kept(stage: Stage, octets: bytes) -> Scan:
    return Scan(
        content_hash=bytes.fromhex(stage.vault.keep(octets)),
        wrapped_key=b"",  # the vault keeps it beside the scan
        media_type=MEDIA_TYPE,
        size=len(octets),
    )
