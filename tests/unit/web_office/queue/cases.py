"""Applications to be decided on, and offices that print or want a second person."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from cardservice.accounts.four_eyes import Act, FourEyes
from cardservice.domain.documents import DocumentType
from cardservice.domain.numbers import Okato
from cardservice.papers.values import TemporaryCertificate
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.commands import Answer
from cardservice.registry.frame import OfficeSettings
from cardservice.web.office.parts import OfficeParts, PaperParts
from tests.office_world import World
from tests.registry.forms import draft, started
from tests.registry.offices import REGION
from tests.unit.papers.examples import FONTS, INSURER


class Signer:
    """Signs no statement: a text that a QR code can hold."""

    def __call__(self, certificate: object) -> str:
        assert isinstance(certificate, TemporaryCertificate)
        return f"statement {certificate.number}"


def case_address(answer: Answer) -> str:
    """Return the page of an application."""
    return f"/office/applications/{answer.id}"


def with_parts(world: World, **changes: Any) -> None:
    """Let the office of ``world`` have other parts from now on."""
    parts: OfficeParts = world.app.state.office
    world.app.state.office = replace(parts, **changes)


def with_papers(world: World) -> None:
    """Let the office print."""
    insurer = replace(INSURER, okato=Okato("45000"))
    with_parts(world, papers=PaperParts(fonts=FONTS, insurer=insurer, fund="00001", sign=Signer()))


def with_settings(world: World, **changes: Any) -> None:
    """Let the office of ``world`` work otherwise."""
    office = world.app.state.office.office
    settings: OfficeSettings = replace(office.settings, **changes)
    with_parts(world, office=replace(office, settings=settings))


def with_second_person(world: World, *acts: Act) -> None:
    """Let the office want a second person for ``acts``."""
    with_settings(world, four_eyes=FourEyes(frozenset(acts)))


def with_scan(world: World, octets: bytes, media_type: str, begun: Answer | None = None) -> Answer:
    """Return a draft whose passport has a scan; ``made`` names the document."""
    desk = world.desk
    begun = begun or started(desk, replace(draft(), documents=()))
    address = world.parts.vault.keep(octets)
    command = AttachDocument(
        region=REGION,
        key=desk.key(),
        application_id=begun.id,
        version=begun.version,
        kind=DocumentType.PASSPORT_RF,
        number="0000 000001",
        issued_on=draft().documents[0].issued_on,
        issuer="Пробный отдел",
        scan=Scan(
            content_hash=bytes.fromhex(address),
            wrapped_key=b"",
            media_type=media_type,
            size=len(octets),
        ),
    )
    return attach_document(desk.office, desk.clerk, command)


def looked_at(world: World, person_id: UUID) -> list[tuple[str, str]]:
    """Return who looked at a person and why."""
    with world.desk.reading() as work:
        looks = work.looks.at_person(REGION, person_id).rows
    return [(one.role, one.reason) for one in looks]
