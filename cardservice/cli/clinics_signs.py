"""``cardservice clinics sign``: signs of abuse, listed and settled."""

import json
from collections.abc import Iterator
from uuid import UUID

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.office import configured_office
from cardservice.cli.office_accounts import region_option
from cardservice.cli.options import as_json_option
from cardservice.domain.signs import SignKind, SignState
from cardservice.home.office import OfficeHome
from cardservice.home.office_ids import new_id
from cardservice.registry.actor import SERVICE
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_clinics import AbuseSign
from cardservice.registry.signs import SettleSign, SignWish, find_sign, list_signs, settle_sign

_NO_CARD = "-"


@click.group()
def sign() -> None:
    """Signs of abuse that were found in what desks told."""


@sign.command(
    name="list",
    short_help="List signs, the oldest first.",
    epilog="""\b
Example:
  cardservice clinics sign list --kind chip-copied""",
)
@click.option(
    "--state",
    type=click.Choice([one.value for one in SignState]),
    default=SignState.OPEN.value,
    show_default=True,
    help="Those to be settled, or those that were.",
)
@click.option("--kind", type=click.Choice([one.value for one in SignKind]), help="Only such.")
@region_option
@as_json_option
@reports_errors
def list_command(*, state: str, kind: str | None, region: str | None, as_json: bool) -> None:
    """List the signs of a region; the number of a card has 12 hexadecimal digits."""
    wish = SignWish(state=SignState(state), kind=SignKind(kind) if kind else None)
    with configured_office() as opened:
        rows = tuple(_signs(opened, region or opened.region, wish))
    if as_json:
        click.echo(json.dumps([_members(one) for one in rows], ensure_ascii=False))
        return
    for one in rows:
        last = f"{one.last_at:%Y-%m-%d %H:%M}"
        click.echo(f"{one.id}  {one.kind}  {_card(one) or _NO_CARD}  {last}  {one.occurrences}")


@sign.command(
    name="settle",
    short_help="Settle a sign with a note.",
    epilog="""\b
Example:
  cardservice clinics sign settle 01900000-0000-7000-8000-000000000000 --note "Card blocked" """,
)
@click.argument("sign_id", type=click.UUID)
@click.option("--note", required=True, help="What was found out and done; names nobody.")
@region_option
@reports_errors
def settle_command(sign_id: UUID, *, note: str, region: str | None) -> None:
    """Settle the sign SIGN_ID."""
    with configured_office() as opened:
        here = region or opened.region
        found = find_sign(opened.office, SERVICE, here, sign_id)
        command = SettleSign(
            region=here, key=f"cli/{new_id()}", sign_id=sign_id, version=found.version, note=note
        )
        settle_sign(opened.office, SERVICE, command)
    click.echo("Settled.")


def _signs(opened: OfficeHome, region: str, wish: SignWish) -> Iterator[AbuseSign]:
    ask: Ask | None = Ask(limit=MAX_PAGE)
    while ask is not None:
        page = list_signs(opened.office, SERVICE, region, wish, ask=ask)
        yield from page.rows
        ask = None if page.after is None else Ask(limit=MAX_PAGE, after=page.after)


def _card(one: AbuseSign) -> str | None:
    return None if one.card_number is None else f"{one.card_number:012x}"


def _members(one: AbuseSign) -> dict[str, object]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "state": one.state,
        "card": _card(one),
        "desk_id": str(one.desk_id),
        "organisation_id": str(one.organisation_id),
        "first_at": one.first_at.isoformat(),
        "last_at": one.last_at.isoformat(),
        "occurrences": one.occurrences,
        "details": one.details,
        "note": one.note,
    }
