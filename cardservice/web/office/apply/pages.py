"""A page of the form: shown, taken, saved, and what comes after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi.responses import RedirectResponse, Response

from cardservice.domain.application import Application as Draft
from cardservice.domain.draft_form import draft_form
from cardservice.domain.findings import Finding, has_errors
from cardservice.domain.lives import ApplicationState
from cardservice.errors import Refusal
from cardservice.registry.applications import SaveDraft, draft_of, save_draft
from cardservice.registry.applications_detaching import DetachDocument, detach_document
from cardservice.registry.applications_submitting import SubmitApplication, submit
from cardservice.registry.commands import Answer
from cardservice.registry.errors import KEY_REUSED, FindingsRefusal, stale
from cardservice.web.office.apply.entry import Entry, kept_of, row_of
from cardservice.web.office.apply.filling import Filled, Shown, fill, shown
from cardservice.web.office.apply.inputs import STEPS, Step, inputs_of
from cardservice.web.office.apply.judging import judge, of_step, on_page
from cardservice.web.office.apply.showing import Offered, values_for
from cardservice.web.office.forms import FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import id_of
from cardservice.web.signin.context import Visit

NEXT, BACK, LATER, SUBMIT, REMOVE = "next", "back", "later", "submit", "remove-"
_LONGEST_NUMBER: Final = 9  # digits of a version or an index that are read


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Told:
    """What a page says besides what is kept.

    Attributes:
        typed: what was typed and perhaps not kept; goes before what is kept.
        findings: what is wrong or doubtful.
        refusal: what was refused.
        more: what else the template shows.
    """

    typed: Mapping[str, Shown] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    refusal: Refusal | None = None
    more: Mapping[str, object] = field(default_factory=dict)


NOTHING: Final = Told()


def show_step(step: Step, visit: Visit, entry: Entry, *, checked: bool) -> Response:
    """Show a step as it is kept; ``checked`` or the last: with what is wrong."""
    row = row_of(entry)
    if row.state != ApplicationState.DRAFT:
        return _see(entry.base)  # it was sent: there is nothing to fill in any more
    look = checked or step is Step.CHECK
    found = judge(entry, row) if look else ()
    return render(step, visit, entry, told=Told(findings=found))


def take_step(step: Step, visit: Visit, entry: Entry, sent: FormFields) -> Response:
    """Save what was sent of a step and lead on; what is wrong keeps its page."""
    draft = draft_of(row_of(entry))
    inputs = inputs_of(step, draft, by_staff=entry.by_staff)
    filled = fill(draft_form(draft), inputs, sent)
    go = sent.text("go")
    removed = _removed(draft, go)
    taken_off = None if removed is None else _forget(filled, draft, removed)
    try:
        saved = _save(entry, sent, filled)
        if taken_off is not None:
            _take_off(entry, sent, saved, taken_off)
        if go == SUBMIT:
            _submit(entry, sent, saved)
    except Refusal as refusal:
        told = Told(typed=filled.typed, refusal=understood(refusal))
        return render(step, visit, entry, told=told)
    if go == SUBMIT:
        return _see(entry.sent)
    found = _standing_in_the_way(step, entry, filled, go)
    if found or go.startswith(REMOVE):
        return render(step, visit, entry, told=Told(typed=filled.typed, findings=found))
    return _see(entry.base if go == LATER else entry.address(_neighbour(step, go)))


def render(step: Step, visit: Visit, entry: Entry, *, told: Told = NOTHING) -> Response:
    """Return the page of a step as it is kept, with what is told."""
    kept = kept_of(entry)
    draft, found = draft_of(kept.application), told.findings
    shown_steps = STEPS if step is Step.CHECK else (step,)
    inputs = [
        one for each in shown_steps for one in inputs_of(each, draft, by_staff=entry.by_staff)
    ]
    offered = values_for(step, Offered(entry=entry, draft=draft, language=visit.language))
    page = show(
        f"apply/{step.value}.html",
        visit,
        asking=entry.asking,
        refusal=_on_page(told.refusal, entry),
        findings=found if step is Step.CHECK else of_step(step, found),
        entry=entry,
        step=step,
        steps=STEPS,
        kept=kept,
        draft=draft,
        values={**shown(draft_form(draft), inputs), **told.typed},
        **{**offered, **told.more},
    )
    if has_errors(found) and visit.request.method == "POST":
        page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return page


def understood(refusal: Refusal) -> Refusal:
    """Return the refusal as one who fills in a form understands it."""
    return stale() if refusal.code == KEY_REUSED else refusal


def number_in(sent: FormFields, name: str) -> int:
    """Return a whole number of a hidden field.

    Raises:
        Refusal: ``stale``: our pages write one, so this one is no page of now.
    """
    text = sent.text(name)
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        raise stale()
    return int(text)


def _standing_in_the_way(step: Step, entry: Entry, filled: Filled, go: str) -> tuple[Finding, ...]:
    """Return what keeps the page: what could not be read, and forward also what is wrong."""
    unread = filled.findings
    if go != NEXT:
        return unread
    fields = {one.field for one in unread}
    judged = of_step(step, judge(entry, row_of(entry)))
    found = (*unread, *(one for one in judged if one.field not in fields))
    return found if has_errors(found) else ()


def _neighbour(step: Step, go: str) -> Step:
    index = STEPS.index(step) + (1 if go == NEXT else -1)
    return STEPS[min(max(index, 0), len(STEPS) - 1)]


def _save(entry: Entry, sent: FormFields, filled: Filled) -> Answer:
    command = SaveDraft(
        region=entry.asking.region,
        key=sent.text("key"),
        application_id=entry.application_id,
        version=number_in(sent, "version"),
        form=filled.form,
    )
    return save_draft(entry.asking.office, entry.asking.actor, command)


def _submit(entry: Entry, sent: FormFields, saved: Answer) -> Answer:
    command = SubmitApplication(
        region=entry.asking.region,
        key=f"{sent.text('key')}.submit",
        application_id=entry.application_id,
        version=saved.version,
    )
    return submit(entry.asking.office, entry.asking.actor, command)


def _removed(draft: Draft, go: str) -> int | None:
    """Return which document of the form is to be taken off; None: no such thing is wished."""
    text = go.removeprefix(REMOVE)
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    if go == text or not is_number or int(text) >= len(draft.documents):
        return None
    return int(text)


def _forget(filled: Filled, draft: Draft, index: int) -> UUID | None:
    """Return the document to be taken off; one that is in the form alone goes from there."""
    filled.typed.clear()  # what was typed for the ones below will stand under other names
    document_id = id_of(draft.documents[index].scan or "")
    documents = filled.form["documents"]
    if document_id is None and isinstance(documents, list):
        del documents[index]
    return document_id


def _take_off(entry: Entry, sent: FormFields, saved: Answer, document_id: UUID) -> None:
    command = DetachDocument(
        region=entry.asking.region,
        key=f"{sent.text('key')}.remove",
        application_id=entry.application_id,
        version=saved.version,
        document_id=document_id,
    )
    detach_document(entry.asking.office, entry.asking.actor, command)


def _on_page(refusal: Refusal | None, entry: Entry) -> Refusal | None:
    if not isinstance(refusal, FindingsRefusal):
        return refusal
    told = on_page(refusal.findings, entry)
    if has_errors(told):
        return FindingsRefusal(told)
    sentence = "The office has to go through this application with you; come with your documents."
    return Refusal("office-needed", sentence)


def _see(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
