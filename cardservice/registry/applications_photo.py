"""The photo of an application: kept as a document of it, so that it is erased with it."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications import answer, draft_of, get
from cardservice.registry.applications_documents import (
    KIND,
    Scan,
    emptied,
    expect_undecided,
    keep_documents,
)
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Application, Document

PHOTO: Final = "photo"
"""The kind of document that a photo is kept as."""

MOST_PHOTOS: Final = 10  # of one application, also those that were replaced; this project's own


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPhoto(OfficeCommand):
    """Give an application that is not decided yet its photo, in place of an earlier one."""

    application_id: UUID
    version: int
    scan: Scan


def attach_photo(office: Office, actor: Actor, command: AttachPhoto) -> Answer:
    """Return the application; ``made`` names the photo.

    An earlier photo is emptied: its scan goes with the next sweep of the vault.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``photos-too-many``,
            ``state-application-…``: it is decided.
    """
    return office.carry_out(actor, command, _attach)


def _attach(act: Act, command: AttachPhoto) -> Answer:
    found = get(act, command.application_id, command.version)
    expect_undecided(found)
    _replace_earlier(act, found)
    photo = _document(act, command)
    draft = replace(draft_of(found), photo=str(photo.id))
    act.work.documents.add(photo)
    kept = keep_documents(act, found, draft)
    act.record("document.attach", KIND, photo.id, application=str(kept.id))
    return replace(answer(kept), made={PHOTO: str(photo.id)})


def _replace_earlier(act: Act, found: Application) -> None:
    documents = act.work.documents.of_application(act.region, found.id)
    photos = [one for one in documents if one.kind == PHOTO]
    if len(photos) >= MOST_PHOTOS:
        sentence = f"The photo was replaced {MOST_PHOTOS} times already."
        raise Refusal("photos-too-many", sentence, field=PHOTO)
    for one in photos:
        if one.erased_at is None:
            act.work.documents.change(emptied(act, one))


def _document(act: Act, command: AttachPhoto) -> Document:
    scan = command.scan
    return Document(
        region=act.region,
        id=act.new_id(),
        application_id=command.application_id,
        kind=PHOTO,
        content_hash=scan.content_hash,
        wrapped_key=scan.wrapped_key,
        media_type=scan.media_type,
        size=scan.size,
        uploaded_by=act.actor.name,
        uploaded_at=act.now,
    )
