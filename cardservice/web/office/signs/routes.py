"""Signs of abuse: a list with filters, one opened, and its settling."""

from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.signs import SignKind, SignState
from cardservice.registry.signs import (
    NOTE_LENGTH,
    SettleSign,
    SignWish,
    find_sign,
    list_signs,
    settle_sign,
)
from cardservice.texts.office import choices
from cardservice.web.api.clinics.models import card_digits
from cardservice.web.api.paging import PAGE_ROWS, Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/signs"
ONE: Final = ADDRESS + "/{sign_id}"
_LIST: Final = "office.signs"
_KIND_MAX: Final = 40  # characters
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Guarding = Annotated[Asking, asking(Right.ABUSE)]
Chosen = Annotated[str, Query(max_length=_KIND_MAX)]


@router.get(ADDRESS)
def show_signs(
    visit: Visiting, asking: Guarding, *, state: Chosen = "", kind: Chosen = "", cursor: Cursor = ""
) -> Response:
    """Show signs in a state, oldest first; a kind that is none means all."""
    wish = SignWish(
        state=next((one for one in SignState if one.value == state), SignState.OPEN),
        kind=next((one for one in SignKind if one.value == kind), None),
    )
    query = {"state": wish.state.value, "kind": wish.kind.value if wish.kind else ""}
    key, of = asking.parts.cursor_key, f"{_LIST}.{query['state']}.{query['kind']}"
    ask = ask_for(cursor, PAGE_ROWS, key=key, of=of)
    page = list_signs(asking.office, asking.actor, asking.region, wish, ask=ask)
    forward = cursor_of(page.after, key=key, of=of)
    return show(
        "signs/signs.html",
        visit,
        asking=asking,
        typed=query,
        signs=page.rows,
        digits=card_digits,
        states=choices(SignState, visit.language),
        kinds=choices(SignKind, visit.language),
        first=f"{ADDRESS}?{urlencode(query)}" if cursor else None,
        forward=f"{ADDRESS}?{urlencode({**query, 'cursor': forward})}" if forward else None,
    )


@router.get(ONE)
def show_sign(visit: Visiting, asking: Guarding, sign_id: UUID) -> Response:
    """Show one sign, to be settled."""
    return _page(visit, asking, sign_id)


@router.post(ONE, dependencies=[OurForm])
def send_sign_settlement(
    visit: Visiting, asking: Guarding, sign_id: UUID, fields: Fields
) -> Response:
    """Settle it with a note."""

    def settle() -> object:
        command = SettleSign(
            region=asking.region,
            key=fields.text("key"),
            sign_id=sign_id,
            version=version_in(fields),
            note=fields.text("note"),
        )
        return settle_sign(asking.office, asking.actor, command)

    return answered(
        settle,
        then=ADDRESS,
        again=lambda refusal: _page(visit, asking, sign_id, Sent(refusal, fields)),
    )


def _page(visit: Visit, asking: Asking, sign_id: UUID, sent: Sent = FRESH) -> Response:
    sign = find_sign(asking.office, asking.actor, asking.region, sign_id)
    with asking.office.database.reading() as kept:
        desk = kept.clinic_desks.get(sign.region, sign.desk_id)
        clinic = kept.medical_organisations.get(sign.region, sign.organisation_id)
        known = () if sign.card_number is None else kept.cards.by_number(sign.card_number)
    return show(
        "signs/sign.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        sign=sign,
        desk=desk,
        clinic=clinic,
        digits=card_digits(sign.card_number),
        # A card of another region is for that region's officer.
        cards=tuple(one for one in known if one.region == asking.region),
        may_keep_desks=asking.may(Right.CLINIC_DESK),
        length=NOTE_LENGTH,
    )
