"""Accounts on their pages: added, locked, given roles; first passwords and tokens shown once."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest

from cardservice.accounts.account import Account, SecondFactor
from cardservice.accounts.four_eyes import Act
from cardservice.accounts.roles import Role
from tests.office_world import NOBODYS, Program, World
from tests.unit.accounts import office as accounts
from tests.unit.accounts.browser import Browser
from tests.unit.web_office.sending import send

ACCOUNTS = "/office/accounts"
TOKENS = f"{ACCOUNTS}/tokens"
PASSWORD = re.compile(r'<code id="password">([^<]*)</code>')
TOKEN = re.compile(r'<code id="token">([^<]*)</code>')


def account(world: World, id_: UUID | str) -> Account:
    found = world.accounts.accounts.by_id(UUID(str(id_)))
    assert found is not None
    return found


def shown(pattern: re.Pattern[str], sent: httpx.Response) -> str:
    found = pattern.search(sent.text)
    assert found is not None, sent.text
    return found[1]


def clerks(world: World) -> tuple[str, str]:
    """Return the sign-in name of a new clerk and the address of the page of that account."""
    name = world.add(Role.CLERK)
    return name, f"{ACCOUNTS}/{world.people[Role.CLERK]}"


def actions(world: World) -> list[str]:
    return [one for one in world.desk.actions() if one.startswith(("account.", "token."))]


def with_second_person(world: World) -> World:
    desk = world.desk.with_second_person(Act.CHANGE_ROLES)
    settings = desk.office.settings
    object.__setattr__(world.parts.office, "settings", settings)
    return world


def test_a_new_account_signs_in_with_the_password_that_was_shown_once(world: World) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    new = {"name": "N.Proba", "roles": ["clerk", "approver"]}
    sent = send(administrator, f"{ACCOUNTS}/new", new)
    password = shown(PASSWORD, sent)
    assert sent.headers["cache-control"] == "no-store"
    made = world.accounts.accounts.by_name("n.proba")
    assert made is not None
    assert made.roles == {Role.CLERK, Role.APPROVER}
    other = Browser(world.app)
    assert other.sign_in("n.proba", password).status_code == 303
    assert other.get("/office/queue").status_code == 200
    assert password not in administrator.get(f"{ACCOUNTS}/{made.id}").text
    assert actions(world) == ["account.add"]
    assert password not in str(world.desk.audit())


@pytest.mark.parametrize(
    ("name", "roles", "field"),
    [("", ["clerk"], "name"), ("a b", ["clerk"], "name"), ("new", [], "roles")],
)
def test_what_is_wrong_with_a_new_account_is_said_and_nothing_typed_is_lost(
    world: World, name: str, roles: list[str], field: str
) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    sent = send(administrator, f"{ACCOUNTS}/new", {"name": name, "roles": roles})
    assert sent.status_code == 422
    assert f'href="#{field}"' in sent.text
    assert f'value="{name}"' in sent.text
    assert actions(world) == []


@pytest.mark.parametrize("role", ["applicant", "service", "emperor"])
def test_a_role_that_no_account_can_have_is_not_given(world: World, role: str) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    sent = send(administrator, f"{ACCOUNTS}/new", {"name": "new", "roles": [role]})
    assert sent.status_code == 422
    assert world.accounts.accounts.by_name("new") is None


def test_a_name_that_is_taken_is_refused(world: World) -> None:
    name, _ = clerks(world)
    administrator = world.browser(Role.ADMINISTRATOR)
    sent = send(administrator, f"{ACCOUNTS}/new", {"name": name, "roles": ["clerk"]})
    assert "There is such an account already." in sent.text


def test_a_closed_account_is_signed_out_and_cannot_come_back_until_it_is_opened(
    world: World,
) -> None:
    name, one = clerks(world)
    clerk, administrator = Browser(world.app), world.browser(Role.ADMINISTRATOR)
    clerk.sign_in(name)
    assert send(administrator, f"{one}/lock", {}, on=one).status_code == 303
    assert clerk.get("/office/queue").status_code == 303
    assert clerk.sign_in(name).status_code == 422
    assert send(administrator, f"{one}/unlocking", {}, on=one).status_code == 303
    assert clerk.sign_in(name).status_code == 303
    assert actions(world) == ["account.close", "account.open"]


def test_other_roles_end_the_sessions_and_count_from_the_next_sign_in(world: World) -> None:
    name, one = clerks(world)
    clerk, administrator = Browser(world.app), world.browser(Role.ADMINISTRATOR)
    clerk.sign_in(name)
    assert send(administrator, f"{one}/roles", {"roles": ["courier"]}, on=one).status_code == 303
    assert clerk.get("/office/queue").status_code == 303
    clerk.sign_in(name)
    assert clerk.get("/office/queue").status_code == 403
    assert clerk.get("/office/delivery").status_code == 200


def test_sessions_are_ended_and_the_password_stays(world: World) -> None:
    name, one = clerks(world)
    clerk, administrator = Browser(world.app), world.browser(Role.ADMINISTRATOR)
    clerk.sign_in(name)
    assert send(administrator, f"{one}/sessions", {}, on=one).status_code == 303
    assert clerk.get("/office/queue").status_code == 303
    assert clerk.sign_in(name).status_code == 303


def test_a_new_first_password_takes_the_place_of_the_old_one(world: World) -> None:
    name, one = clerks(world)
    administrator = world.browser(Role.ADMINISTRATOR)
    password = shown(PASSWORD, send(administrator, f"{one}/password", {}, on=one))
    assert Browser(world.app).sign_in(name, accounts.PASSWORD).status_code == 422
    assert Browser(world.app).sign_in(name, password).status_code == 303


def test_a_second_factor_is_forgotten(world: World) -> None:
    has_device = replace(world.accounts.account(), second_factor=SecondFactor(b"sealed"))
    world.accounts.accounts.save(has_device)
    one = f"{ACCOUNTS}/{world.accounts.clerk}"
    administrator = world.browser(Role.ADMINISTRATOR)
    assert send(administrator, f"{one}/second-factor", {}, on=one).status_code == 303
    assert account(world, world.accounts.clerk).second_factor is None
    assert "Forget its second factor" not in administrator.get(one).text


@pytest.mark.parametrize("path", ["roles", "lock", "unlocking", "password", "second-factor"])
def test_nobody_changes_their_own_account_here(world: World, path: str) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    id_ = world.people[Role.ADMINISTRATOR]
    own, before = f"{ACCOUNTS}/{id_}", account(world, id_)
    assert "another administrator changes it" in administrator.get(own).text
    on = f"{ACCOUNTS}/new"
    fields = {"roles": ["administrator", "clerk"], "version": str(before.version)}
    sent = send(administrator, f"{own}/{path}", fields, on=on)
    assert sent.status_code == 422
    assert account(world, id_) == before


def test_a_change_of_what_changed_meanwhile_is_refused(world: World) -> None:
    _, one = clerks(world)
    administrator = world.browser(Role.ADMINISTRATOR)
    for version in ("5", "-1", "x"):
        sent = send(administrator, f"{one}/lock", {"version": version}, on=one)
        assert "Somebody else changed this account" in sent.text
    assert not account(world, world.people[Role.CLERK]).disabled


def test_roles_need_a_second_administrator_where_the_office_wants_that(world: World) -> None:
    with_second_person(world)
    _, one = clerks(world)
    first = world.browser(Role.ADMINISTRATOR)
    wanted = {"roles": ["approver"]}
    for _ in range(2):
        assert send(first, f"{one}/roles", wanted, on=one).status_code == 303
    assert "Another administrator has to give them." in first.get(one).text
    assert account(world, one.rpartition("/")[2]).roles == {Role.CLERK}
    second = world.browser(Role.ADMINISTRATOR)
    assert send(second, f"{one}/roles", {"roles": ["auditor"]}, on=one).status_code == 303
    assert account(world, one.rpartition("/")[2]).roles == {Role.CLERK}
    assert send(first, f"{one}/roles", {"roles": ["auditor"]}, on=one).status_code == 303
    assert account(world, one.rpartition("/")[2]).roles == {Role.AUDITOR}
    assert "Proposed:" not in first.get(one).text


def test_a_new_account_is_opened_by_a_second_administrator_where_the_office_wants_that(
    world: World,
) -> None:
    with_second_person(world)
    first, second = world.browser(Role.ADMINISTRATOR), world.browser(Role.ADMINISTRATOR)
    send(first, f"{ACCOUNTS}/new", {"name": "new", "roles": ["approver"]})
    made = world.accounts.accounts.by_name("new")
    assert made is not None
    assert made.disabled
    one = f"{ACCOUNTS}/{made.id}"
    assert "Open the account" not in first.get(one).text
    refused = send(first, f"{one}/unlocking", {"version": str(made.version)}, on=one)
    assert "Somebody other than the person who entered this" in refused.text
    assert send(second, f"{one}/unlocking", {}, on=one).status_code == 303
    assert not account(world, made.id).disabled


def test_the_list_goes_on_by_name(world: World) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    for number in range(60):
        world.accounts.add(f"n-{number:02}", Role.CLERK)
    first = administrator.get(ACCOUNTS).text
    following = re.search(r'rel="next" href="([^"]*)"', first)
    assert following is not None
    last = administrator.get(following[1]).text
    assert "n-00" in first
    assert "n-59" not in first
    assert "n-59" in last
    assert "n-00" not in last


def test_a_token_is_shown_once_works_and_ends_at_once(world: World) -> None:
    keeper = world.browser(Role.SECURITY_OFFICER)
    wish = {"label": "Станция 1", "days": "300", "scopes": ["application.read"], "role": "clerk"}
    sent = send(keeper, f"{TOKENS}/new", wish, on=f"{TOKENS}/new?role=clerk")
    token = shown(TOKEN, sent)
    program = Program(world.app, token)
    assert program.get("/api/v1/applications").status_code == 200
    page = keeper.get(TOKENS).text
    assert token not in page
    assert token[:12] in page
    end = re.search(r'action="([^"]*/end)"', page)
    assert end is not None
    assert send(keeper, end[1], {}, on=TOKENS).status_code == 303
    assert program.get("/api/v1/applications").status_code == 401
    assert actions(world) == ["token.issue", "token.revoke"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("label", ""),
        ("label", "a\u0000b"),
        ("days", "0"),
        ("days", "9999"),
        ("days", "ten"),
        ("scopes", ""),
        ("scopes", "accounts"),
        ("role", "administrator"),
        ("role", "nobody"),
    ],
)
def test_what_is_wrong_with_a_token_is_said_and_nothing_typed_is_lost(
    world: World, field: str, typed: str
) -> None:
    wish = {"label": "Станция", "days": "33", "scopes": ["order.read"], "role": "station"}
    keeper = world.browser(Role.ADMINISTRATOR)
    sent = send(keeper, f"{TOKENS}/new", {**wish, field: typed})
    assert sent.status_code == 422
    assert ('value="33"' in sent.text) != (field == "days")
    assert actions(world) == []


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.SECURITY_OFFICER])
@pytest.mark.parametrize("path", [ACCOUNTS, f"{ACCOUNTS}/new", f"{ACCOUNTS}/{NOBODYS}"])
def test_only_administrators_see_accounts(world: World, role: Role, path: str) -> None:
    assert world.browser(role).get(path).status_code == 403


def test_what_is_not_there_is_not_found(world: World) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    assert administrator.get(f"{ACCOUNTS}/{uuid4()}").status_code == 404
    assert administrator.get(f"{ACCOUNTS}/nobody").status_code == 422
    assert administrator.get(f"{TOKENS}/new?role=king").status_code == 422
    gone = send(administrator, f"{TOKENS}/{uuid4()}/end", {}, on=f"{TOKENS}/new")
    assert gone.status_code == 422
