"""Signs of abuse on the security officer's page, and desks of a clinic on theirs."""

import re

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.clinics import desk_of_client, preview_code
from cardservice.registry.ports_clinics import ClinicDesk
from cardservice.registry.presentations import take_presentations
from tests.office_world import World
from tests.registry.clinics_world import KEY, leave, new_clinic, new_desk, told
from tests.registry.offices import refused
from tests.unit.web_office.catalogs import fuzzy_or_unused, untranslated
from tests.unit.web_office.sending import hidden, send

SIGNS = "/office/signs"
CODE = re.compile(r'<code id="code">([0-9A-Z-]{14})</code>')


@pytest.fixture
def at(world: World) -> ClinicDesk:
    """A desk that was shown a copied chip."""
    desk = new_desk(world.desk, new_clinic(world.desk))
    copied = told(world.desk, reason="chip-copied", card_number=0x0001_0000_00AB)
    take_presentations(world.desk.office, desk, [copied], key=KEY)
    return desk


def only_sign(page: str) -> str:
    """Return the address of the one sign on the list."""
    (found,) = set(re.findall(r'href="(/office/signs/[0-9a-f-]{36})"', page))
    return str(found)


def test_the_officer_sees_a_sign_filters_and_settles_it(world: World, at: ClinicDesk) -> None:
    officer = world.browser(Role.SECURITY_OFFICER)
    page = officer.get(SIGNS).text
    assert "0001000000ab" in page
    assert "Copied chip" in page
    one = only_sign(page)
    for query in ("kind=far-apart", "state=settled"):
        assert one not in officer.get(f"{SIGNS}?{query}").text
    assert one in officer.get(f"{SIGNS}?kind=nonsense&state=%3Cb%3E").text
    assert at.name in officer.get(one).text
    empty = send(officer, one, {"note": " "})
    assert empty.status_code == 422
    assert send(officer, one, {"note": "<b>Карта заблокирована"}).status_code == 303
    assert one not in officer.get(SIGNS).text
    assert one in officer.get(f"{SIGNS}?state=settled").text
    shown = officer.get(one).text
    assert "&lt;b&gt;Карта заблокирована" in shown
    assert 'name="note"' not in shown


@pytest.mark.parametrize("role", [Role.CLERK, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
@pytest.mark.usefixtures("at")
def test_nobody_else_sees_signs(world: World, role: Role) -> None:
    officer = world.browser(Role.SECURITY_OFFICER)
    one = only_sign(officer.get(SIGNS).text)
    other = world.browser(role)
    for path in (SIGNS, one):
        assert other.get(path).status_code == 403
    assert SIGNS not in other.get("/office/account").text


def test_a_code_for_a_desk_is_shown_once_and_good(world: World) -> None:
    clerk, clinic = world.browser(Role.CLERK), new_clinic(world.desk)
    desks = f"/office/organisations/{clinic}/desks"
    assert desks in clerk.get(f"/office/organisations/{clinic}").text
    shown = send(clerk, desks, {"desk": "Окно 3"})
    (code,) = CODE.findall(shown.text)
    assert preview_code(world.desk.office, code).desk == "Окно 3"
    assert code not in clerk.get(desks).text
    assert send(clerk, desks, {"desk": ""}).status_code == 422


def test_a_desk_is_ended_with_a_ground(world: World, at: ClinicDesk) -> None:
    clerk = world.browser(Role.CLERK)
    desks = f"/office/organisations/{at.organisation_id}/desks"
    end = f"{desks}/{at.id}/end"
    assert send(clerk, end, {"ground": ""}, on=desks).status_code == 422
    assert desk_of_client(world.desk.office, at.client_id) == at
    assert send(clerk, end, {"ground": "stolen"}, on=desks).status_code == 303
    assert "The computer was stolen" in clerk.get(desks).text
    refused("desk-ended", lambda: desk_of_client(world.desk.office, at.client_id))


def test_a_form_of_another_page_makes_no_code(world: World) -> None:
    clerk, clinic = world.browser(Role.CLERK), new_clinic(world.desk)
    desks = f"/office/organisations/{clinic}/desks"
    token = hidden(clerk.get(desks).text, "token")
    sent = clerk.ask(
        "POST",
        desks,
        headers={
            "origin": "https://evil.example.org",
            "content-type": "application/x-www-form-urlencoded",
        },
        content=f"token={token}&desk=x".encode(),
    )
    assert sent.status_code == 403
    assert "desk.code" not in world.desk.actions()


def test_a_clinic_that_left_is_offered_no_new_desk(world: World) -> None:
    clinic = new_clinic(world.desk)
    leave(world.desk, clinic, 0)
    page = world.browser(Role.CLERK).get(f"/office/organisations/{clinic}/desks").text
    assert 'name="desk"' not in page


def test_a_form_sent_twice_makes_one_code_and_does_not_show_it_again(world: World) -> None:
    clerk, clinic = world.browser(Role.CLERK), new_clinic(world.desk)
    desks = f"/office/organisations/{clinic}/desks"
    pages = [send(clerk, desks, {"desk": "Окно 3"}, key="once").text for _ in range(2)]
    assert [len(CODE.findall(one)) for one in pages] == [1, 0]
    assert world.desk.actions().count("desk.code") == 1


@pytest.mark.usefixtures("at")
def test_the_pages_of_signs_are_russian_too(world: World) -> None:
    officer = world.browser(Role.SECURITY_OFFICER)
    one = only_sign(officer.get(SIGNS).text)
    for path in (SIGNS, one):
        page = officer.get(f"{path}?lang=ru").text
        assert "Копия чипа" in page
        assert re.findall(r">\s*(?:Seen|What|Settle|State|Card|Clinic|Also)\b", page) == []


@pytest.mark.parametrize("area", ["signs", "places"])
def test_every_text_of_the_areas_has_its_russian(area: str) -> None:
    assert untranslated(area) == set()
    assert fuzzy_or_unused(area) == set()
