"""Tables of people from employers: each good row becomes a submitted application, once.

A table is taken in batches, each a transaction of its own, so that a process that dies in the
middle leaves whole batches; the same command sent again goes on where it stopped. A row is known
again by its fingerprint, whatever table and key it comes with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum, unique
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.channels import expect_employer_count
from cardservice.domain.roles import OFFICE
from cardservice.domain.rows import Refused
from cardservice.domain.texts import NOTE_LENGTH, parse_text
from cardservice.errors import Refusal, UsageError
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_uploads import Upload, UploadRow
from cardservice.registry.uploads_drafts import TableTerms
from cardservice.registry.uploads_taking import keep_refused, take
from cardservice.uploads.tables.reading import Good

KIND: Final = "upload"
BATCH: Final = 50  # rows of a transaction: others of the region wait a tenth of a second at most
_REFUSED_BATCH: Final = 500  # rows that are only written down
_HASH_OCTETS: Final = 32
T = TypeVar("T")


@unique
class UploadState(StrEnum):
    """How far a table is."""

    RECEIVED = "received"
    JUDGED = "judged"  # bad rows are written down, good ones are being taken
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveTable(OfficeCommand):
    """A table of people came.

    Attributes:
        name: of the file, as the sender has it.
        content_hash: 32 octets over the file, by which a table sent again is recognised.
        rows: as ``uploads.tables.reading.read_table`` judged them.
        consent: the sender says that each person agreed to the processing of their data.
    """

    name: str = field(repr=False)
    content_hash: bytes
    rows: tuple[Good | Refused, ...] = field(repr=False)
    consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenUpload(OfficeCommand):
    """What of ``ReceiveTable`` makes it the same command: the content stands for the rows."""

    name: str = field(repr=False)
    content_hash: bytes
    count: int
    consent: bool


def receive_table(office: Office, actor: Actor, command: ReceiveTable) -> Answer:
    """Return the upload, done; ``made`` counts ``rows``, ``taken``, ``known`` and ``refused``.

    Taken rows are applications now, known ones were before. ``earlier`` in ``made`` names the
    last upload of the same table that was done before this one, if there is one. A table that was
    sent before and not done is gone on with.

    Raises:
        Refusal: ``role-not-allowed``, ``employer-too-few``, ``employer-too-many``,
            ``consent-missing``, ``name-too-long``, ``control-character``, ``key-reused``.
        UsageError: the hash has not 32 octets.
    """
    opened = open_table(office, actor, command)
    _take_rows(office, actor, command, opened.id)
    done = office.run(actor, command.region, lambda act: _finish(act, opened.id))
    return replace(done, made={**done.made, **opened.made})


def open_table(office: Office, actor: Actor, command: ReceiveTable) -> Answer:
    """Return the upload before any of its rows is taken; ``receive_table`` goes on with it.

    Raises:
        Refusal, UsageError: as ``receive_table``.
    """
    if len(command.content_hash) != _HASH_OCTETS:
        raise UsageError("the hash of a table has 32 octets")
    opening = _OpenUpload(
        region=command.region,
        key=command.key,
        name=command.name,
        content_hash=command.content_hash,
        count=len(command.rows),
        consent=command.consent,
    )
    return office.carry_out(actor, opening, _open)


def view_upload(office: Office, actor: Actor, *, region: str, upload_id: UUID) -> Upload:
    """Return an upload; a sender sees their own, the office all.

    Raises:
        Refusal: ``not-found`` (also for another sender's), ``role-not-allowed``.
    """
    actor.require(Right.APPLICATION_UPLOAD)
    with office.database.reading() as kept:
        found = kept.uploads.find(region, upload_id)
    if found is None or (actor.role not in OFFICE and found.sender != actor.name):
        raise not_found(KIND)
    return found


def list_uploads(office: Office, actor: Actor, region: str, *, ask: Ask = FIRST) -> Page[Upload]:
    """Return uploads, oldest first: a sender's own, for the office all of the region.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.APPLICATION_UPLOAD)
    with office.database.reading() as kept:
        if actor.role in OFFICE:
            return kept.uploads.of_region(region, ask)
        return kept.uploads.of_sender(region, actor.name, ask)


def latest_uploads(office: Office, actor: Actor, region: str) -> tuple[Upload, ...]:
    """Return the newest fifty uploads, the newest first: a sender's own, or all of the region.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.APPLICATION_UPLOAD)
    with office.database.reading() as kept:
        sender = None if actor.role in OFFICE else actor.name
        return kept.uploads.newest(region, sender, limit=FIRST.limit)


def upload_results(
    office: Office,
    actor: Actor,
    *,
    region: str,
    upload_id: UUID,
    ask: Ask = FIRST,
) -> Page[UploadRow]:
    """Return what became of the rows, in the order of the file; raises as ``view_upload``."""
    view_upload(office, actor, region=region, upload_id=upload_id)
    with office.database.reading() as kept:
        return kept.upload_rows.of_upload(region, upload_id, ask)


def refused_rows(
    office: Office,
    actor: Actor,
    *,
    region: str,
    upload_id: UUID,
    ask: Ask = FIRST,
) -> Page[UploadRow]:
    """Return the rows that became nothing, in the order of the file; raises as ``view_upload``."""
    view_upload(office, actor, region=region, upload_id=upload_id)
    with office.database.reading() as kept:
        return kept.upload_rows.refused_of(region, upload_id, ask)


def _open(act: Act, command: _OpenUpload) -> Answer:
    act.actor.require(Right.APPLICATION_UPLOAD)
    expect_employer_count(command.count, act.settings.rules)
    if not command.consent:
        sentence = "Say that the people in the table agree to the processing of their data."
        raise Refusal("consent-missing", sentence, field="consent")
    name = parse_text(
        command.name, field="name", words="file name", limit=NOTE_LENGTH, short="name"
    )
    sender = act.actor.name
    earlier = act.work.uploads.with_content(act.region, sender, command.content_hash)
    if earlier and earlier[-1].state != UploadState.DONE:
        return _told(earlier[-1])
    upload = Upload(
        region=act.region,
        id=act.new_id(),
        sender=sender,
        name=name,
        content_hash=command.content_hash,
        state=UploadState.RECEIVED.value,
        rows=command.count,
        received_at=act.now,
    )
    act.work.uploads.add(upload)
    act.record("upload.receive", KIND, upload.id, rows=str(command.count))
    made = {"earlier": str(earlier[-1].id)} if earlier else {}
    return replace(_told(upload), made=made)


def _take_rows(office: Office, actor: Actor, command: ReceiveTable, upload_id: UUID) -> None:
    region = command.region
    with office.database.reading() as kept:
        done = kept.upload_rows.numbers(region, upload_id)
    left = [one for one in command.rows if one.row not in done]
    for bad in _batches([one for one in left if isinstance(one, Refused)], _REFUSED_BATCH):
        office.run(actor, region, partial(keep_refused, upload_id=upload_id, rows=bad))
    terms = TableTerms(consent=command.consent)
    for good in _batches([one for one in left if isinstance(one, Good)], BATCH):
        office.run(actor, region, partial(take, upload_id=upload_id, rows=good, terms=terms))


def _batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _finish(act: Act, upload_id: UUID) -> Answer:
    upload = act.work.uploads.get(act.region, upload_id)
    if upload.state != UploadState.DONE:
        changed = replace(upload, state=UploadState.DONE.value, done_at=act.now)
        upload = act.work.uploads.change(changed)
        act.record("upload.done", KIND, upload.id, **_counts(upload))
    return replace(_told(upload), made=_counts(upload))


def _counts(upload: Upload) -> dict[str, str]:
    names = ("rows", "taken", "known", "refused")
    return {name: str(getattr(upload, name)) for name in names}


def _told(upload: Upload) -> Answer:
    return Answer(id=upload.id, version=upload.version, state=upload.state)
