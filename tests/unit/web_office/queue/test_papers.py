"""Papers: application form, temporary certificate, and the face of a card."""

from io import BytesIO

import httpx
import pikepdf
import pytest
from PIL import Image

from cardservice.accounts.roles import Role
from cardservice.papers.values import PaperInsurer
from cardservice.policycard.photo import PHOTO_LIMIT
from cardservice.web.office.queue.card_values import printed_photo
from cardservice.web.office.queue.paper_values import insurer_named
from tests.office_world import World
from tests.registry.forms import approved, made
from tests.unit.papers.examples import INSURER
from tests.unit.uploads.samples import jpeg, png
from tests.unit.web_office.queue.cases import case_address, looked_at, with_papers
from tests.unit.web_office.queue.pages import fill, words

NO_FONTS = "No paper can be made here"


def test_the_application_form_is_a_pdf_under_a_name_without_a_person(world: World) -> None:
    with_papers(world)
    done = approved(world.desk)
    answer = world.browser(Role.CLERK).get(f"{case_address(done)}/form.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert f'"application-{done.number}.pdf"' in answer.headers["content-disposition"]
    with pikepdf.open(BytesIO(answer.content)) as book:
        assert len(book.pages) == 1


def test_a_certificate_carries_its_signed_statement(world: World) -> None:
    with_papers(world)
    done = approved(world.desk)
    path = f"{case_address(done)}/certificates/{made(done, 'certificate')}.pdf"
    answer = world.browser(Role.CLERK).get(path)
    with pikepdf.open(BytesIO(answer.content)) as book:
        told = book.attachments["certificate.json"].get_file().read_bytes().decode()
    assert '"statement": "statement ' in told
    assert "Пробный" in told


def test_a_certificate_of_another_application_is_not_there(world: World) -> None:
    with_papers(world)
    done = approved(world.desk)
    path = f"{case_address(done)}/certificates/{made(done, 'order')}.pdf"
    assert world.browser(Role.CLERK).get(path).status_code == httpx.codes.NOT_FOUND


def test_without_fonts_the_page_says_so_and_no_paper_is_made(world: World) -> None:
    done = approved(world.desk)
    clerk = world.browser(Role.CLERK)
    assert NO_FONTS in words(clerk.get(case_address(done)))
    answer = clerk.get(f"{case_address(done)}/form.pdf")
    assert answer.status_code == httpx.codes.CONFLICT
    assert NO_FONTS in words(answer)


@pytest.mark.parametrize("side", ["front", "back"])
def test_the_face_of_a_card_is_shown_before_the_card_is_made(world: World, side: str) -> None:
    with_papers(world)
    done = approved(world.desk)
    path = f"/office/orders/{made(done, 'order')}/card"
    clerk = world.browser(Role.CLERK)
    assert f'src="{path}/{side}"' in clerk.get(path).text
    answer = clerk.get(f"{path}/{side}")
    with Image.open(BytesIO(answer.content), formats=("PNG",)) as image:
        assert image.size == (1011, 638)
    assert ("clerk", f"order/{made(done, 'order')}") in looked_at(world, made(done, "person"))


def test_the_print_file_takes_what_the_station_read_from_the_card(world: World) -> None:
    with_papers(world)
    path = f"/office/orders/{made(approved(world.desk), 'order')}/card"
    station = world.browser(Role.STATION)
    wrong = fill(station, path, card_number="00 000001", can="12345")
    assert "The CAN is not six digits." in words(wrong)
    assert 'value="00 000001"' in wrong.text
    assert "12345" not in wrong.text.partition("<main")[2]
    answer = fill(station, path, card_number="00 000001", can="123456")
    with pikepdf.open(BytesIO(answer.content)) as book:
        assert len(book.pages) == 2


def test_only_who_reads_orders_sees_a_card(world: World) -> None:
    with_papers(world)
    path = f"/office/orders/{made(approved(world.desk), 'order')}/card"
    for role in (Role.AUDITOR, Role.COURIER, Role.ADMINISTRATOR):
        answer = world.browser(role).get(f"{path}/front")
        assert answer.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("octets", [jpeg(1200, 1600), png(900, 300)])
def test_a_photo_is_made_small_enough_for_a_card(octets: bytes) -> None:
    photo = printed_photo(octets)
    assert photo is not None
    assert len(photo.image) <= PHOTO_LIMIT


def test_an_insurer_that_is_not_ours_is_named_by_its_number() -> None:
    other = insurer_named(INSURER, "1027739449913", "45000")
    assert other == PaperInsurer(name="1027739449913", ogrn=other.ogrn, okato=other.okato)
    assert insurer_named(INSURER, "", "45000") is INSURER
