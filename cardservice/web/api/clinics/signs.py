"""Signs of abuse: listed, opened, settled."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.signs import SignKind, SignState
from cardservice.registry.signs import SettleSign, SignWish, find_sign, list_signs, settle_sign
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.clinics.models import Settlement, SignShown, sign_shown
from cardservice.web.api.commands import Change
from cardservice.web.api.common import NOT_FOUND, Done, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.office.asking import Asking, asking

_LIST: Final = "abuse-signs"
router = APIRouter(prefix=f"/{_LIST}", tags=[_LIST], responses=NOT_FOUND)
Guarding = Annotated[Asking, asking(Right.ABUSE)]


@router.get("", response_model=PageOf[SignShown], responses=SEEN)
def api_list_abuse_signs(
    who: Guarding,
    *,
    state: Annotated[SignState, Query()] = SignState.OPEN,
    kind: Annotated[SignKind | None, Query()] = None,
    wish: Wish,
    known: Known = None,
) -> Response:
    """The signs in a state, oldest first."""
    sought, of = SignWish(state=state, kind=kind), f"{_LIST}.{state}.{kind or ''}"
    page = list_signs(who.office, who.actor, who.region, sought, ask=wish.ask(of))
    rows = list(map(sign_shown, page.rows))
    return answered(PageOf(items=rows, next=wish.after(page.after, of)), known)


@router.get("/{sign_id:uuid}", response_model=SignShown, responses=SEEN)
def api_show_abuse_sign(who: Guarding, sign_id: UUID, known: Known = None) -> Response:
    """One sign."""
    found = find_sign(who.office, who.actor, who.region, sign_id)
    return answered(sign_shown(found), known, version=found.version)


@router.post("/{sign_id:uuid}/settlement")
def api_settle_abuse_sign(
    who: Guarding, sign_id: UUID, *, sent: Change, settlement: Settlement
) -> Done:
    """Settle it, with a note."""
    command = SettleSign(
        region=who.region,
        key=sent.key,
        sign_id=sign_id,
        version=sent.version,
        note=settlement.note,
    )
    return sent.done(settle_sign(who.office, who.actor, command))
