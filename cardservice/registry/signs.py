"""Signs of abuse: written down once for as long as they last, told, listed, and settled.

A row is kept in the region of the desk that told what showed the sign.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.domain.signs import WINDOWS, Sign, SignKind, SignState
from cardservice.errors import Refusal
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.outbox_values import Template
from cardservice.registry.places_form import needed_text
from cardservice.registry.ports_base import FIRST, Ask, Json, Page
from cardservice.registry.ports_clinics import AbuseSign

NOTE_LENGTH: Final = 1000  # characters; this project's own
MOST_OTHERS: Final = 10  # other places named with a sign
_KIND: Final = "abuse-sign"
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWish:
    """Which signs are wanted; ``kind`` None: of all kinds."""

    state: SignState = SignState.OPEN
    kind: SignKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleSign(OfficeCommand):
    """A person has dealt with a sign; ``note`` says how, and names nobody."""

    sign_id: UUID
    version: int
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSign:
    """A sign that the rules found, and what a row needs besides.

    Attributes:
        subject: 32 octets, the card's or the desk's.
        card_number: of the card, if one was read.
    """

    sign: Sign
    subject: bytes = field(repr=False)
    card_number: int | None = field(default=None, repr=False)


def record_signs(office: Office, region: str, found: Iterable[FoundSign]) -> tuple[SignKind, ...]:
    """Write signs down; return the kinds of those that are new. Twice is as good as once."""
    signs = tuple(found)
    if not signs:
        return ()
    new = office.run(SERVICE, region, lambda act: [_keep(act, one) for one in signs])
    kinds = tuple(one for one in new if one is not None)
    for kind in kinds:
        _log.warning("sign of abuse: %s", kind)
    return kinds


def list_signs(
    office: Office, actor: Actor, region: str, wish: SignWish, *, ask: Ask = FIRST
) -> Page[AbuseSign]:
    """Return signs of a region, oldest first; ``role-not-allowed``."""
    _require(actor)
    with office.database.reading() as kept:
        return kept.abuse_signs.of_state(region, wish.state, wish.kind, ask)


def find_sign(office: Office, actor: Actor, region: str, sign_id: UUID) -> AbuseSign:
    """Return a sign; ``not-found`` or ``role-not-allowed``."""
    _require(actor)
    with office.database.reading() as kept:
        return kept.abuse_signs.get(region, sign_id)


def settle_sign(office: Office, actor: Actor, command: SettleSign) -> Answer:
    """Return the sign, settled.

    Raises:
        Refusal: ``sign-settled`` already, ``note-missing``, ``note-too-long``,
            ``control-character``, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _settle)


def _keep(act: Act, found: FoundSign) -> SignKind | None:
    """Return the kind of a sign that is new; None: it is an earlier one going on."""
    sign, window = found.sign, WINDOWS[found.sign.kind]
    known = act.work.abuse_signs.around(
        *(act.region, sign.kind, found.subject),
        from_=sign.first_at - window,
        until=sign.last_at + window,
    )
    is_more = known is None or sign.last_at > known.last_at
    if known is None or (is_more and known.state == SignState.SETTLED):
        _add(act, found)
        return sign.kind
    if is_more:
        _prolong(act, known, found)
    return None


def _add(act: Act, found: FoundSign) -> None:
    sign = found.sign
    row = AbuseSign(
        region=act.region,
        id=act.new_id(),
        kind=sign.kind.value,
        state=SignState.OPEN.value,
        subject=found.subject,
        desk_id=sign.seen.desk,
        organisation_id=sign.seen.organisation,
        card_number=found.card_number,
        first_at=sign.first_at,
        last_at=sign.last_at,
        occurrences=sign.sightings,
        details=_details(sign),
        found_at=act.now,
    )
    act.work.abuse_signs.add(row)
    act.record("sign.find", _KIND, row.id, kind=row.kind, desk=str(row.desk_id))
    told = {"sign": str(row.id), "kind": row.kind}
    act.notify(Template.ABUSE_SIGN, told, email=None, phone=None)


def _prolong(act: Act, row: AbuseSign, found: FoundSign) -> None:
    sign = found.sign
    known = row.card_number if found.card_number is None else found.card_number
    longer = replace(
        row,
        desk_id=sign.seen.desk,
        organisation_id=sign.seen.organisation,
        card_number=known,
        first_at=min(row.first_at, sign.first_at),
        last_at=sign.last_at,
        occurrences=row.occurrences + 1,
        details=_details(sign) or row.details,
    )
    act.work.abuse_signs.change(longer)


def _details(sign: Sign) -> Json:
    others = sign.others[:MOST_OTHERS]
    if not others:
        return {}
    named: Mapping[str, Json] = {
        "regions": sorted({one.region for one in others}),
        "desks": sorted({str(one.desk) for one in others}),
        "organisations": sorted({str(one.organisation) for one in others}),
    }
    return named


def _settle(act: Act, command: SettleSign) -> Answer:
    _require(act.actor)
    row = act.work.abuse_signs.get(act.region, command.sign_id)
    expect_version(row, command.version)
    if row.state == SignState.SETTLED:
        raise Refusal("sign-settled", "This sign was settled already.")
    settled = replace(
        row,
        state=SignState.SETTLED.value,
        note=needed_text(command.note, field="note", limit=NOTE_LENGTH),
        settled_by=act.actor.name,
        settled_at=act.now,
    )
    kept = act.work.abuse_signs.change(settled)
    act.record("sign.settle", _KIND, row.id, kind=row.kind)
    return Answer(id=kept.id, version=kept.version, state=kept.state)


def _require(actor: Actor) -> None:
    # The service itself is who runs it: a command at its machine.
    if actor.role is not Role.SERVICE:
        actor.require(Right.ABUSE)
