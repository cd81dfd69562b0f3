"""The table of rights, the second person, and what each role is shown."""

from uuid import uuid4

import pytest

from cardservice.accounts.account import require_staff
from cardservice.accounts.four_eyes import Act, FourEyes
from cardservice.accounts.masking import (
    LISTS,
    MASKS,
    RECORDS,
    PersonalField,
    Place,
    Shown,
    masked,
    shown_to,
)
from cardservice.accounts.rights import GRANTS, ROUTES, TABLE, Right, may
from cardservice.accounts.roles import Role
from cardservice.errors import Refusal


def test_every_right_has_exactly_one_row() -> None:
    assert sorted(row.right for row in TABLE) == sorted(Right)


def test_every_right_is_somebodys() -> None:
    assert all(GRANTS.values())


def test_no_route_is_in_two_rows() -> None:
    assert len(ROUTES) == sum(len(row.routes) for row in TABLE)


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(may(frozenset(), one) for one in Right)


def test_an_applicant_may_see_their_application_and_report_a_card_and_nothing_else() -> None:
    rights = {one for one in Right if may({Role.APPLICANT}, one)}
    assert rights == {Right.OPEN, Right.APPLICATION_OWN, Right.CARD_BLOCK}


def test_who_runs_the_service_sees_no_person() -> None:
    assert not any(
        may({role}, right)
        for role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR)
        for right in (Right.PERSON_READ, Right.APPLICATION_READ, Right.DOCUMENT_READ)
    )


def test_roles_add_up() -> None:
    both = {Role.CLERK, Role.AUDITOR}
    assert may(both, Right.APPLICATION_READ)
    assert may(both, Right.AUDIT_READ)
    assert not may({Role.CLERK}, Right.APPLICATION_DECIDE)


def test_the_second_person_is_asked_for_only_where_the_office_turned_it_on() -> None:
    one, other = uuid4(), uuid4()
    rule = FourEyes(frozenset({Act.APPROVE_APPLICATION}))
    rule.require_second(Act.APPROVE_APPLICATION, first=one, second=other)
    rule.require_second(Act.MERGE_PERSONS, first=one, second=one)
    FourEyes().require_second(Act.APPROVE_APPLICATION, first=one, second=one)
    with pytest.raises(Refusal) as caught:
        rule.require_second(Act.APPROVE_APPLICATION, first=one, second=one)
    assert caught.value.code == "second-person-needed"


PERSON = {
    PersonalField.ENP: ("0099887766554433", "••••••••••••4433"),
    PersonalField.SNILS: ("112-233-445 95", "•••-•••-••• 95"),
    PersonalField.NAMES: ("Иванова Анна Петровна", "И••• А. П."),
    PersonalField.BIRTH_DATE: ("1985-04-12", "1985-••-••"),
    PersonalField.ADDRESS: ("г. Тула, ул. Мира, д. 7", "г. Тула, •••"),
    PersonalField.PHONE: ("+7 (900) 123-45-67", "+• (•••) •••-••-67"),
    PersonalField.EMAIL: ("ivanova@example.org", "i•••@example.org"),
}


@pytest.mark.parametrize("field", PersonalField)
def test_a_mask_leaves_what_tells_rows_apart(field: PersonalField) -> None:
    whole, part = PERSON[field]
    assert MASKS[field](whole) == part


@pytest.mark.parametrize("field", PersonalField)
@pytest.mark.parametrize("text", ["", " ", "x", "12", "@", "-", ",", "\x00", "\ud800"])
def test_a_mask_takes_any_text(field: PersonalField, text: str) -> None:
    assert isinstance(MASKS[field](text), str)


def test_short_numbers_are_hidden_whole() -> None:
    assert MASKS[PersonalField.PHONE]("1234") == "••••"


@pytest.mark.parametrize("field", PersonalField)
@pytest.mark.parametrize("role", Role)
def test_a_log_shows_nothing_of_a_person_to_anyone(role: Role, field: PersonalField) -> None:
    whole, _ = PERSON[field]
    assert masked(whole, field, roles={role}, place=Place.LOG) == "•••"


@pytest.mark.parametrize("field", PersonalField)
@pytest.mark.parametrize("role", Role)
def test_a_list_never_shows_more_than_the_record(role: Role, field: PersonalField) -> None:
    assert LISTS[role][field] <= RECORDS[role][field]


@pytest.mark.parametrize("field", PersonalField)
def test_nobody_and_an_administrator_are_shown_nothing(field: PersonalField) -> None:
    for roles in (frozenset[Role](), frozenset({Role.ADMINISTRATOR})):
        for place in Place:
            assert shown_to(roles, field, place) is Shown.NOTHING


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("role", [Role.COURIER, Role.EMPLOYER])
def test_who_brings_a_card_or_sends_a_table_reads_no_number_and_no_birth_date(
    role: Role, place: Place
) -> None:
    for field in (PersonalField.ENP, PersonalField.SNILS, PersonalField.BIRTH_DATE):
        assert shown_to({role}, field, place) is Shown.NOTHING


def test_an_account_can_be_an_employers_or_a_couriers() -> None:
    roles = frozenset({Role.EMPLOYER, Role.COURIER})
    assert require_staff(roles) == roles


def test_the_second_person_is_another_account_however_its_id_is_written() -> None:
    rule, one = FourEyes(frozenset({Act.APPROVE_APPLICATION})), uuid4()
    rule.require_second(Act.APPROVE_APPLICATION, first=str(one), second=uuid4())
    for first, second in ((one, str(one)), (str(one), one), (str(one), str(one))):
        with pytest.raises(Refusal) as caught:
            rule.require_second(Act.APPROVE_APPLICATION, first=first, second=second)
        assert caught.value.code == "second-person-needed"


def test_a_clerk_reads_names_in_a_list_and_the_whole_record() -> None:
    roles = {Role.CLERK}
    whole, part = PERSON[PersonalField.ENP]
    assert masked(whole, PersonalField.ENP, roles=roles, place=Place.LIST) == part
    assert masked(whole, PersonalField.ENP, roles=roles, place=Place.RECORD) == whole
    names = PERSON[PersonalField.NAMES][0]
    assert masked(names, PersonalField.NAMES, roles=roles, place=Place.LIST) == names


def test_the_role_that_sees_most_counts() -> None:
    roles = {Role.ADMINISTRATOR, Role.CLERK}
    assert shown_to(roles, PersonalField.PHONE, Place.RECORD) is Shown.ALL


def test_what_is_not_there_stays_empty() -> None:
    assert masked(None, PersonalField.SNILS, roles={Role.CLERK}, place=Place.RECORD) == ""
