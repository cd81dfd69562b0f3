"""``cardservice clinics code`` and ``desk``: a code is shown once; a desk is listed and ended."""

import json
from collections.abc import Iterator
from uuid import UUID

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.office import configured_office
from cardservice.cli.office_accounts import region_option
from cardservice.cli.options import as_json_option
from cardservice.errors import Refusal
from cardservice.home.office import OfficeHome
from cardservice.home.office_ids import new_id
from cardservice.registry.actor import SERVICE
from cardservice.registry.clinics import (
    READ_POLICY,
    RIGHTS,
    DeskEnd,
    EndDesk,
    MakeCode,
    end_desk,
    list_desks,
    make_code,
)
from cardservice.registry.medical_organisations import search_organisations
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_clinics import ClinicDesk


@click.group()
def code() -> None:
    """Codes that desks of clinics are enrolled with."""


@click.group()
def desk() -> None:
    """Desks of clinics that are enrolled."""


@code.command(
    name="add",
    short_help="Make a code and print it once.",
    epilog="""\b
Example:
  cardservice clinics code add 1020000000008 --desk "Reception 1" > code.txt""",
)
@click.argument("organisation")
@click.option("--desk", "name", required=True, help="What the clinic calls the desk.")
@click.option(
    *("--right", "rights"),
    multiple=True,
    type=click.Choice(RIGHTS),
    default=(READ_POLICY,),
    show_default=True,
    help="What its terminal may do with cards; may be repeated.",
)
@region_option
@reports_errors
def add_command(
    organisation: str, *, name: str, rights: tuple[str, ...], region: str | None
) -> None:
    """Make a code for a new desk of ORGANISATION, its id or OGRN, and print it.

    It is shown this once, good once and for a day, and kept nowhere.
    """
    with configured_office() as opened:
        here = region or opened.region
        command = MakeCode(
            region=here,
            key=f"cli/{new_id()}",
            organisation_id=_organisation(opened, here, organisation),
            desk=name,
            rights=rights,
        )
        made = make_code(opened.office, SERVICE, command)
    until = f"{made.row.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Code for {made.row.desk}, good once until {until}:", err=True)
    click.echo(made.code)


@desk.command(
    name="list",
    short_help="List the desks of a region.",
    epilog="""\b
Example:
  cardservice clinics desk list --json""",
)
@region_option
@as_json_option
@reports_errors
def list_command(*, region: str | None, as_json: bool) -> None:
    """List the desks of a region, oldest first, those that ended too."""
    with configured_office() as opened:
        rows = tuple(_desks(opened, region or opened.region))
    if as_json:
        click.echo(json.dumps([_members(one) for one in rows], ensure_ascii=False))
        return
    for one in rows:
        end = f"ended {one.ended_at:%Y-%m-%d} ({one.ended_ground})" if one.ended_at else "enrolled"
        click.echo(f"{one.id}  {one.organisation_id}  {one.name}  {one.holder}  {end}")


@desk.command(
    name="end",
    short_help="End a desk at once.",
    epilog="""\b
Example:
  cardservice clinics desk end 01900000-0000-7000-8000-000000000000 --ground stolen""",
)
@click.argument("desk_id", type=click.UUID)
@click.option(
    "--ground",
    type=click.Choice([one.value for one in DeskEnd]),
    default=DeskEnd.CLOSED.value,
    show_default=True,
    help="Why.",
)
@region_option
@reports_errors
def end_command(desk_id: UUID, *, ground: str, region: str | None) -> None:
    """End the desk DESK_ID: the service answers it no more, and its terminal gets no certificate.

    The certificate that its terminal has runs out within a week.
    """
    with configured_office() as opened:
        here = region or opened.region
        with opened.database.reading() as kept:
            version = kept.clinic_desks.get(here, desk_id).version
        command = EndDesk(
            region=here,
            key=f"cli/{new_id()}",
            desk_id=desk_id,
            version=version,
            ground=DeskEnd(ground),
        )
        end_desk(opened.office, SERVICE, command)
    click.echo("Ended.")


def _organisation(opened: OfficeHome, region: str, named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        pass
    ask: Ask | None = Ask(limit=MAX_PAGE)
    found: list[UUID] = []
    while ask is not None:
        page = search_organisations(opened.office, region, ask=ask)
        found += [one.id for one in page.rows if one.ogrn == named and one.left_on is None]
        ask = None if page.after is None else Ask(limit=MAX_PAGE, after=page.after)
    if not found:
        raise Refusal(
            "not-found",
            f"No clinic of region {region} has this OGRN. A clerk enters clinics at the office: "
            "page /office/organisations, or POST /api/v1/medical-organisations.",
        )
    if len(found) > 1:
        raise Refusal("not-found", "Several clinics have this OGRN; name one by its id.")
    return found[0]


def _desks(opened: OfficeHome, region: str) -> Iterator[ClinicDesk]:
    ask: Ask | None = Ask(limit=MAX_PAGE)
    while ask is not None:
        page = list_desks(opened.office, SERVICE, region, ask=ask)
        yield from page.rows
        ask = None if page.after is None else Ask(limit=MAX_PAGE, after=page.after)


def _members(one: ClinicDesk) -> dict[str, object]:
    return {
        "id": str(one.id),
        "organisation_id": str(one.organisation_id),
        "name": one.name,
        "client_id": one.client_id,
        "holder": one.holder,
        "rights": one.rights,
        "enrolled_at": one.enrolled_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "ended_ground": one.ended_ground,
    }
