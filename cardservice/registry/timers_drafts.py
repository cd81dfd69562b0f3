"""Drafts that nobody went on with: what was typed is forgotten, the empty row stays withdrawn.

Who began an application and never filed it has given no consent to have their data kept.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from cardservice.domain.lives import ApplicationEvent, ApplicationState
from cardservice.registry.actor import SERVICE
from cardservice.registry.applications import KIND, moved
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.ports_base import MAX_PAGE, Ask

DRAFT_KEPT: Final = timedelta(days=90)  # since it was last saved; this project's own
MOST_PAGES: Final = 500  # looked at in a run: 100,000 drafts


def lapse_drafts(office: Office, region: str) -> int:
    """Empty the drafts of a region that were left for 90 days; return how many.

    Their scans lose their keys here; the files go with the next sweep of the vault.
    """
    total = 0
    for old in _old_drafts(office, region):

        def do(act: Act, old: Application = old) -> bool:
            return _emptied(act, old)

        total += office.run(SERVICE, region, do)
    return total


def _old_drafts(office: Office, region: str) -> Iterator[Application]:
    ask: Ask | None = Ask(limit=MAX_PAGE)
    for _ in range(MOST_PAGES):
        if ask is None:
            return
        with office.database.reading() as kept:
            page = kept.applications.queue(region, ApplicationState.DRAFT.value, ask)
        for one in page.rows:
            # They have no term, so they come in the order in which they were begun.
            if one.entered_at > office.clock() - DRAFT_KEPT:
                return
            if one.draft and one.updated_at <= office.clock() - DRAFT_KEPT:
                yield one
        ask = None if page.after is None else replace(ask, after=page.after)


def _emptied(act: Act, old: Application) -> bool:
    found = act.work.applications.get(act.region, old.id)
    if found.version != old.version:
        return False  # somebody goes on with it after all
    for document in act.work.documents.of_application(act.region, found.id):
        act.work.documents.change(_emptied_document(act, document))
    state = moved(act, found, ApplicationEvent.LAPSE)
    lapsed = replace(found, state=state, draft={}, birth_date=None, updated_at=act.now)
    act.work.applications.change(lapsed)
    act.record("application.lapse", KIND, found.id)
    return True


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
