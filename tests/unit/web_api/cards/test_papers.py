"""The face of a card, its print file, and what the code on a certificate says."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pikepdf
import pytest
from PIL import Image

from cardservice.accounts.roles import Role
from cardservice.domain.numbers import Okato
from cardservice.papers.statement.signed import sign_statement
from cardservice.web.office.parts import OfficeParts, PaperParts
from tests.office_world import World
from tests.registry import forms
from tests.registry.offices import TODAY
from tests.registry.stations_world import order_now
from tests.unit.papers.examples import FONTS, INSURER, key, statement, trusted
from tests.unit.web_api.cards.stage import holder_of, looked_at
from tests.unit.web_api.steps import V1, clerk, code

PRINTED = {"card_number": "00 000001", "can": "123456"}


def sign_nothing(certificate: object) -> str:
    """Return a text that is no statement: no certificate is made here."""
    return str(certificate)


def with_papers(world: World) -> None:
    """Let the office print, and trust one key for statements."""
    parts: OfficeParts = world.app.state.office
    papers = PaperParts(
        fonts=FONTS,
        insurer=replace(INSURER, okato=Okato("45000")),
        fund="00001",
        sign=sign_nothing,
        statement_keys=(trusted(),),
    )
    world.app.state.office = replace(parts, papers=papers)


def new_order(world: World) -> str:
    """Return the address of an order."""
    return f"{V1}/orders/{forms.approved(world.desk).made['order']}"


@pytest.mark.parametrize("side", ["front", "back"])
def test_the_face_of_a_card_is_shown_before_the_card_is_made(world: World, side: str) -> None:
    with_papers(world)
    path = new_order(world)
    answer = clerk(world).get(f"{path}/card-face/{side}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    with Image.open(BytesIO(answer.content), formats=("PNG",)) as image:
        assert image.size == (1011, 638)
    order = order_now(world.desk, UUID(path.rpartition("/")[2]))
    assert ("clerk", f"order/{order.id}") in looked_at(world, holder_of(world, order))


def test_the_print_file_has_both_sides_and_names_nobody(world: World) -> None:
    with_papers(world)
    path = new_order(world)
    station = world.program(Role.STATION)
    answer = station.send("POST", f"{path}/card-print-files", PRINTED)
    assert answer.headers["content-type"] == "application/pdf"
    assert f'"card-{path.rpartition("/")[2]}.pdf"' in answer.headers["content-disposition"]
    with pikepdf.open(BytesIO(answer.content)) as book:
        assert len(book.pages) == 2


def test_a_print_file_wants_the_can_of_the_card(world: World) -> None:
    path = f"{V1}/orders/{uuid4()}/card-print-files"
    answer = clerk(world).send("POST", path, PRINTED | {"can": "12345"})
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (422, "can")
    assert "12345" not in answer.text


def test_of_an_order_that_there_is_not_nothing_is_printed(world: World) -> None:
    with_papers(world)
    program = clerk(world)
    assert program.get(f"{V1}/orders/{uuid4()}/card-face/front").status_code == 404
    path = f"{V1}/orders/{uuid4()}/card-print-files"
    assert program.send("POST", path, PRINTED).status_code == 404
    assert program.get(f"{V1}/orders/{uuid4()}/card-face/edge").status_code == 422


def test_an_office_without_fonts_says_so(world: World) -> None:
    answer = clerk(world).get(f"{new_order(world)}/card-face/front")
    assert (answer.status_code, code(answer)) == (409, "papers-missing")


VERIFY = f"{V1}/temporary-certificates/verifications"


def shown(world: World, text: object, role: Role = Role.CLINIC) -> object:
    """Return status, and what a certificate's code says or the code of the refusal."""
    answer = world.program(role).send("POST", VERIFY, {"statement": text})
    body = answer.json()
    return (answer.status_code, body.get("code") or body.get("surname") or body["type"])


def test_a_certificate_says_whose_it_is_if_its_signature_is_right(world: World) -> None:
    with_papers(world)
    said = statement(issued=TODAY, valid_until=TODAY + timedelta(days=45))
    text = sign_statement(said, key())
    assert shown(world, text) == (200, said.surname)
    assert shown(world, text, Role.CLERK) == (200, said.surname)
    assert shown(world, sign_statement(said, key("another"))) == (409, "statement-unknown-key")
    assert shown(world, text[:-3] + "000") == (409, "statement-altered")
    assert shown(world, "a shopping list") == (409, "statement-other-type")


def test_a_certificate_serves_between_its_days(world: World) -> None:
    with_papers(world)
    past = statement(issued=TODAY - timedelta(days=9), valid_until=TODAY - timedelta(days=1))
    assert shown(world, sign_statement(past, key())) == (409, "statement-expired")


@pytest.mark.parametrize("text", ["", "OMS1:" + "0" * 500, "OMS1:é", None, 17])
def test_a_text_that_no_scanner_gives_is_refused(world: World, text: object) -> None:
    assert shown(world, text) == (422, "/problems/malformed-request")


def test_who_asks_for_no_coverage_is_told_nothing(world: World) -> None:
    for role in (Role.STATION, Role.AUDITOR):
        answer = world.program(role).send("POST", VERIFY, {"statement": "OMS1:0"})
        assert answer.status_code == 403
