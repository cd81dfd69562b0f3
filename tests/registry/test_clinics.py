"""Desks of clinics: a code is good once and for a day, and a desk ends with its clinic."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import SERVICE
from cardservice.registry.clinics import (
    DeskEnd,
    EndDesk,
    clinic_name,
    desk_of_client,
    desks_of_clinic,
    end_desk,
    end_left_desks,
    enrol_desk,
    list_desks,
    make_code,
    preview_code,
)
from cardservice.registry.clinics_codes import ALPHABET, code_hash, code_of
from cardservice.registry.ports_clinics import ClinicDesk
from tests.registry.clinics_world import (
    CLINIC,
    PUBLIC_KEY,
    leave,
    making,
    new_clinic,
    new_code,
    new_desk,
    showing,
    stranger,
)
from tests.registry.offices import REGION, Desk, refused

OTHER_KEY = bytes([1]) * 91
WRONG = "enrolment-code-wrong"


def ending(desk: Desk, one: ClinicDesk) -> EndDesk:
    return EndDesk(
        region=REGION,
        key=desk.key(),
        desk_id=one.id,
        version=one.version,
        ground=DeskEnd.STOLEN,
    )


def test_a_code_names_clinic_desk_and_rights_and_is_not_used_up_by_looking(desk: Desk) -> None:
    clinic = new_clinic(desk)
    wish = making(desk, clinic, rights=("read-history", "read-policy"))
    code = str(make_code(desk.office, desk.clerk, wish).code)
    shown = preview_code(desk.office, code)
    assert preview_code(desk.office, code) == shown
    assert (shown.clinic, shown.desk) == (CLINIC.name, "Окно 1")
    assert (shown.region, shown.rights) == (REGION, ("read-policy", "read-history"))


def test_a_desk_is_enrolled_with_its_code_and_known_by_its_client_id(desk: Desk) -> None:
    clinic = new_clinic(desk)
    enrolled = enrol_desk(desk.office, showing(new_code(desk, clinic)))
    assert desk_of_client(desk.office, enrolled.client_id) == enrolled
    assert (enrolled.organisation_id, enrolled.name) == (clinic, "Окно 1")
    assert (enrolled.public_key, enrolled.rights) == (PUBLIC_KEY, ["read-policy"])
    assert desk.actions() == ["organisation.add", "desk.code", "desk.enrol"]


def test_a_code_is_good_once_but_a_lost_answer_can_be_asked_for_again(desk: Desk) -> None:
    code = new_code(desk, new_clinic(desk))
    first = enrol_desk(desk.office, showing(code))
    assert enrol_desk(desk.office, showing(code)) == first
    refused(WRONG, lambda: enrol_desk(desk.office, showing(code, OTHER_KEY)))
    refused(WRONG, lambda: preview_code(desk.office, code))
    assert desk.actions().count("desk.enrol") == 1


def test_a_code_is_over_after_a_day_also_for_who_used_it(desk: Desk) -> None:
    clinic = new_clinic(desk)
    code, used = new_code(desk, clinic), new_code(desk, clinic, "Окно 2")
    enrol_desk(desk.office, showing(used))
    desk.clock.now += timedelta(hours=24) - timedelta(microseconds=1)
    preview_code(desk.office, code)
    desk.clock.now += timedelta(microseconds=1)
    for do in (
        lambda: preview_code(desk.office, code),
        lambda: enrol_desk(desk.office, showing(code)),
        lambda: enrol_desk(desk.office, showing(used)),
    ):
        refused(WRONG, do)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0000-0000-0000",
        "0" * 11,
        "U" * 12,
        "0" * 5000,
        "０" * 12,
        "\0",
        "ı" * 12,
        "\ud800" * 12,
    ],
)
def test_what_is_no_code_is_answered_like_a_wrong_one(desk: Desk, typed: str) -> None:
    new_code(desk, new_clinic(desk))
    refused(WRONG, lambda: preview_code(desk.office, typed))
    refused(WRONG, lambda: enrol_desk(desk.office, showing(typed)))


def test_a_code_may_be_typed_as_it_was_heard() -> None:
    code = code_of(bytes([0xFF]) + bytes(range(1, 8)))
    assert len(code) == 14
    assert set(code) <= {*ALPHABET, "-"}
    heard = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert code_hash(heard) == code_hash(code)


def test_the_code_itself_is_kept_nowhere(desk: Desk) -> None:
    wish = making(desk, new_clinic(desk))
    made = make_code(desk.office, desk.clerk, wish)
    row, code = made.row, str(made.code)
    assert make_code(desk.office, desk.clerk, wish) == replace(made, code=None)
    assert code not in repr(made)
    assert code not in repr(row)
    assert code.replace("-", "").encode() not in row.code_hash
    assert row.code_hash == code_hash(code)
    assert code not in repr(showing(code))


def test_of_two_keys_that_show_one_code_at_once_one_is_enrolled(either_desk: Desk) -> None:
    code = new_code(either_desk, new_clinic(either_desk))

    def enrol(number: int) -> str:
        try:
            return str(enrol_desk(either_desk.office, showing(code, bytes([number]) * 91)).id)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor() as pool:
        done = list(pool.map(enrol, range(4)))
    assert done.count(WRONG) == 3
    assert either_desk.actions().count("desk.enrol") == 1


def test_two_desks_of_a_clinic_have_two_names(desk: Desk) -> None:
    clinic = new_clinic(desk)
    code, again = new_code(desk, clinic), new_code(desk, clinic)
    first = enrol_desk(desk.office, showing(code))
    refused("desk-name-taken", lambda: enrol_desk(desk.office, showing(again, OTHER_KEY)))
    refused("desk-name-taken", lambda: new_code(desk, clinic))
    end_desk(desk.office, desk.clerk, ending(desk, first))
    assert enrol_desk(desk.office, showing(again, OTHER_KEY)).name == first.name


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"desk": ""}, "desk-missing"),
        ({"desk": "a" * 65}, "desk-too-long"),
        ({"desk": "Окно\u202e1"}, "control-character"),
        ({"rights": ()}, "desk-rights-wrong"),
        ({"rights": ("read-everything",)}, "desk-rights-wrong"),
    ],
)
def test_a_desk_that_cannot_be_gets_no_code(desk: Desk, wish: dict[str, object], code: str) -> None:
    good = making(desk, new_clinic(desk))
    wrong = replace(good, **wish)  # type: ignore[arg-type]
    refused(code, lambda: make_code(desk.office, desk.clerk, wrong))


def test_clerks_administrators_and_security_officers_keep_desks_and_nobody_else(
    desk: Desk,
) -> None:
    clinic = new_clinic(desk)
    allowed = {Role.CLERK, Role.ADMINISTRATOR, Role.SECURITY_OFFICER}
    for role in set(Role) - {Role.SERVICE}:
        actor, wish = stranger(desk, role), making(desk, clinic, role.value)
        make = partial(make_code, desk.office, actor, wish)
        see = partial(list_desks, desk.office, actor, REGION)
        for do in (make, see):
            if role in allowed:
                assert do() is not None
            else:
                refused("role-not-allowed", do)
    end = ending(desk, new_desk(desk, clinic))
    refused("role-not-allowed", lambda: end_desk(desk.office, desk.applicant, end))


def test_an_ended_desk_is_known_no_more_and_not_enrolled_again_with_its_code(desk: Desk) -> None:
    code = new_code(desk, new_clinic(desk))
    enrolled = enrol_desk(desk.office, showing(code))
    command = ending(desk, enrolled)
    ended = end_desk(desk.office, desk.officer, command)
    assert end_desk(desk.office, desk.officer, command) == ended
    refused("desk-ended", lambda: desk_of_client(desk.office, enrolled.client_id))
    refused("desk-ended", lambda: enrol_desk(desk.office, showing(code)))
    again = replace(ending(desk, enrolled), version=ended.version)
    refused("desk-ended", lambda: end_desk(desk.office, desk.officer, again))
    last = desk.audit()[-1].fact
    assert (last.action, last.ground, last.role) == ("desk.end", "stolen", "security-officer")


def test_an_unknown_client_is_no_desk(desk: Desk) -> None:
    enrolled = new_desk(desk, new_clinic(desk))
    for name in ("", "nobody", enrolled.client_id.upper() + "0", "\N{PILE OF POO}"):
        refused("client-unknown", partial(desk_of_client, desk.office, name))


def test_the_desks_of_a_clinic_that_leaves_end_after_its_last_day(desk: Desk) -> None:
    clinic, other = new_clinic(desk), new_clinic(desk, name="Другая")
    gone, stays = new_desk(desk, clinic), new_desk(desk, other)
    code = new_code(desk, clinic, "Окно 2")
    leave(desk, clinic, 1)
    desk.clock.now += timedelta(hours=23)
    assert desk_of_client(desk.office, gone.client_id) == gone
    assert end_left_desks(desk.office, REGION) == 0
    leave_day = desk.clock.now
    desk.clock.now = leave_day + timedelta(hours=17)
    refused("clinic-left", lambda: desk_of_client(desk.office, gone.client_id))
    assert end_left_desks(desk.office, REGION) == 1
    assert end_left_desks(desk.office, REGION) == 0
    refused("desk-ended", lambda: desk_of_client(desk.office, gone.client_id))
    refused(WRONG, lambda: preview_code(desk.office, code))
    assert desk_of_client(desk.office, stays.client_id) == stays
    last = desk.audit()[-1].fact
    assert (last.action, last.ground, last.role) == ("desk.end", "clinic-left", "service")


def test_a_clinic_that_left_gets_no_desk_with_a_code_of_before(desk: Desk) -> None:
    clinic = new_clinic(desk)
    code = new_code(desk, clinic)
    leave(desk, clinic, 0)
    desk.clock.now += timedelta(hours=15)
    for do in (
        lambda: preview_code(desk.office, code),
        lambda: enrol_desk(desk.office, showing(code)),
        lambda: new_code(desk, clinic, "Окно 2"),
    ):
        refused("clinic-left", do)


def test_desks_are_listed_by_clinic_and_by_region(desk: Desk) -> None:
    clinic, other = new_clinic(desk), new_clinic(desk, name="Другая")
    first, second = new_desk(desk, clinic), new_desk(desk, clinic, "Окно 2")
    third = new_desk(desk, other)
    assert desks_of_clinic(desk.office, desk.clerk, REGION, clinic) == (first, second)
    assert list_desks(desk.office, SERVICE, REGION).rows == (first, second, third)
    missing = desk.office.new_id()
    refused("not-found", lambda: desks_of_clinic(desk.office, desk.clerk, REGION, missing))


def test_a_long_name_of_a_clinic_is_cut_and_told_from_others_by_its_ogrn(desk: Desk) -> None:
    new_clinic(desk, name="Больница " * 20)
    with desk.reading() as work:
        (row,) = work.medical_organisations.search(REGION).rows
    assert len(clinic_name(row)) == 64
    assert clinic_name(row).endswith(row.ogrn)
