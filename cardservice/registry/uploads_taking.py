"""One batch of a table's rows: what is the same for all of them is done once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar, cast
from uuid import UUID

from cardservice.domain.due_dates import policy_due
from cardservice.domain.findings import Finding, has_errors
from cardservice.domain.lives import APPLICATION, ApplicationEvent
from cardservice.domain.rows import Refused
from cardservice.registry.applications import KIND, blank, with_draft
from cardservice.registry.applications_finding import identity_of
from cardservice.registry.applications_submitting import LookedUp, consent_of, judged
from cardservice.registry.audit import record_together
from cardservice.registry.frame import Act
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_base import Json
from cardservice.registry.ports_uploads import Upload, UploadRow
from cardservice.registry.uploads_drafts import TableTerms, draft_of
from cardservice.registry.uploads_finding import KnownPeople
from cardservice.uploads.tables.reading import Good

MOST_FINDINGS: Final = 50  # of a row that are kept; a table has twenty columns
_TAKING: Final = "judged"
_SEEN_LATER: Final = frozenset({"documents", "photo", "snils"})
_HAS_NUMBER: Final = "enp-with-first-policy"
Findings = Sequence[tuple[str, str]]
"""Fields and codes; never what stands in the row."""

RowT = TypeVar("RowT", Good, Refused)


def keep_refused(act: Act, upload_id: UUID, rows: Sequence[Refused]) -> None:
    """Write down bad rows of an upload; those that are written down already are left."""
    upload = act.work.uploads.get(act.region, upload_id)
    left = _left(act, upload, rows)
    if not left:
        return
    said = [
        _row(act, upload, one.row, [(r.field or "", r.code) for r in one.refusals]) for one in left
    ]
    act.work.upload_rows.add(*said)
    act.work.uploads.change(replace(upload, refused=upload.refused + len(said)))


def take(act: Act, upload_id: UUID, rows: Sequence[Good], terms: TableTerms) -> None:
    """Make submitted applications of good rows, each once; others are written down as refused."""
    upload = act.work.uploads.get(act.region, upload_id)
    left = _left(act, upload, rows)
    if not left:  # another process was faster, and may have finished the table
        return
    known = act.work.upload_rows.made_of(act.region, [one.fingerprint for one in left])
    new = [one for one in left if one.fingerprint not in known]
    made, found = _judged(act, new, terms)
    _keep(act, upload, made.values())
    ids = {**known, **{source: one.id for source, one in made.items()}}
    said = [
        replace(
            _row(act, upload, one.row, found.get(one.fingerprint, ())),
            source=one.fingerprint,
            application_id=ids.get(one.fingerprint),
        )
        for one in left
    ]
    act.work.upload_rows.add(*said)
    refused_rows = sum(one.application_id is None for one in said)
    changed = replace(
        upload,
        state=_TAKING,
        taken=upload.taken + len(made),
        known=upload.known + len(said) - refused_rows - len(made),
        refused=upload.refused + refused_rows,
    )
    act.work.uploads.change(changed)


def _left(act: Act, upload: Upload, rows: Sequence[RowT]) -> list[RowT]:
    numbers = [one.row for one in rows]
    done = act.work.upload_rows.numbers(act.region, upload.id, among=numbers)
    return [one for one in rows if one.row not in done]


def _judged(
    act: Act, rows: Sequence[Good], terms: TableTerms
) -> tuple[Mapping[str, Application], Mapping[str, Findings]]:
    """Return the applications, and what is wrong with the other rows or doubtful in these.

    Both go by the source.
    """
    due_on = policy_due(act.today, act.settings.rules, act.settings.calendar)
    drafts = {one.fingerprint: draft_of(one, terms) for one in rows}
    sought = {source: identity_of(draft.person) for source, draft in drafts.items()}
    people = KnownPeople(act.work, sought)
    made: dict[str, Application] = {}
    found: dict[str, Findings] = {}
    for source, draft in drafts.items():
        row = with_draft(_blank(act, source, due_on), draft)
        looked_up = LookedUp(draft, people.of(source))
        judgement = judged(act.work, row, act.settings, on=act.today, looked_up=looked_up)
        if has_errors(judgement.findings):
            found[source] = _errors(judgement.findings)
            continue
        found[source] = _doubts(judgement.findings)
        made[source] = replace(row, person_id=judgement.person_in(act.region))
    return made, found


def _blank(act: Act, source: str, due_on: date) -> Application:
    state = APPLICATION.after(
        APPLICATION.initial, ApplicationEvent.SUBMIT, role=act.actor.role, ground=""
    )
    return replace(blank(act, source), state=state.value, due_on=due_on, submitted_at=act.now)


def _keep(act: Act, upload: Upload, made: Iterable[Application]) -> None:
    rows = tuple(made)
    act.work.applications.add(*rows)
    act.work.consents.add(*(consent_of(act, one) for one in rows))
    ground = f"upload/{upload.id}"
    facts = (
        act.fact("application.submit", KIND, one.id, ground=ground, state=one.state) for one in rows
    )
    record_together(act.work.audit, act.region, facts, at=act.now)


def _errors(findings: Iterable[Finding]) -> Findings:
    return [(one.field, one.code) for one in findings if one.is_error]


def _doubts(findings: Iterable[Finding]) -> Findings:
    # Papers and photo are seen at the hand-over, and a number is looked up: nobody mends that.
    return [
        (one.field, one.code)
        for one in findings
        if one.field.partition(".")[0] not in _SEEN_LATER and one.code != _HAS_NUMBER
    ]


def _row(act: Act, upload: Upload, number: int, findings: Findings) -> UploadRow:
    said = [{"field": name, "code": code} for name, code in findings[:MOST_FINDINGS]]
    return UploadRow(
        region=act.region,
        id=act.new_id(),
        upload_id=upload.id,
        number=number,
        findings=cast("Json", said),
    )
