"""What desks tell of cards: taken once, kept without numbers, and looked at for abuse."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.roles import Role
from cardservice.domain.signs import SignKind, SignState
from cardservice.errors import Refusal
from cardservice.registry.ports_clinics import AbuseSign, ClinicDesk
from cardservice.registry.presentations import (
    MOST_AT_ONCE,
    card_hash,
    forget_presentations,
    take_presentations,
)
from cardservice.registry.signs import SettleSign, SignWish, list_signs, settle_sign
from tests.registry.clinics_world import (
    KEY,
    OTHER_REGION,
    new_clinic,
    new_desk,
    stranger,
    told,
)
from tests.registry.offices import REGION, Desk, refused

MINUTE = timedelta(minutes=1)


def take(desk: Desk, at: ClinicDesk, *presentations: Any) -> Any:
    return take_presentations(desk.office, at, presentations, key=KEY)


def signs(desk: Desk, region: str = REGION, **wish: Any) -> tuple[AbuseSign, ...]:
    return list_signs(desk.office, desk.officer, region, SignWish(**wish)).rows


def kept(desk: Desk, number: int = 7) -> Any:
    with desk.reading() as work:
        now, long = desk.clock(), timedelta(days=100)
        return work.presentations.of_cards(
            [card_hash(number, KEY)], from_=now - long, until=now + long
        )


def here(desk: Desk) -> ClinicDesk:
    return new_desk(desk, new_clinic(desk))


def test_a_presentation_is_taken_once_however_often_it_is_told(either_desk: Desk) -> None:
    at, one, other = here(either_desk), told(either_desk), told(either_desk)
    assert take(either_desk, at, one).taken == (one.id,)
    assert take(either_desk, at, one, other, one).taken == (one.id, other.id)
    assert [row.source_id for row in kept(either_desk)] == [one.id, other.id]


def test_two_desks_may_draw_the_same_id(desk: Desk) -> None:
    clinic, one = new_clinic(desk), told(desk)
    for name in ("Окно 1", "Окно 2"):
        assert take(desk, new_desk(desk, clinic, name), one).taken == (one.id,)
    assert len(kept(desk)) == 2


def test_no_number_of_a_card_is_kept_with_a_presentation(desk: Desk) -> None:
    take(desk, here(desk), told(desk, card_number=(1 << 48) - 1))
    (row,) = kept(desk, (1 << 48) - 1)
    assert row.card_hash == card_hash((1 << 48) - 1, KEY)
    assert card_hash(7, KEY) != card_hash(7, bytes(32))
    assert "281474976710655" not in repr(row)
    assert "ffffffffffff" not in repr(row)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"after": timedelta(minutes=5, microseconds=1)}, "presentation-in-future"),
        ({"after": -timedelta(days=30, microseconds=1)}, "presentation-too-old"),
        ({"card_number": 1 << 48}, "presentation-wrong"),
        ({"card_number": -1}, "presentation-wrong"),
        ({"wrong_numbers": -1}, "presentation-wrong"),
        ({"wrong_numbers": 1 << 40}, "presentation-wrong"),
        ({"reason": "Иванов Иван"}, "presentation-wrong"),
        ({"reason": "a" * 65}, "presentation-wrong"),
        ({"reason": "card-active\n"}, "presentation-wrong"),
    ],
)
def test_what_can_never_be_taken_is_said_and_the_rest_is_taken(
    desk: Desk, changes: dict[str, Any], code: str
) -> None:
    if "after" in changes:
        changes = {"at": desk.clock() + changes["after"]}
    wrong, good = told(desk, **changes), told(desk)
    answer = take(desk, here(desk), wrong, good)
    assert (answer.taken, answer.refused) == ((good.id,), {wrong.id: code})


@pytest.mark.parametrize("after", [timedelta(minutes=5), -timedelta(days=30)])
def test_the_bounds_of_time_are_taken(desk: Desk, after: timedelta) -> None:
    one = told(desk, at=desk.clock() + after)
    assert take(desk, here(desk), one).taken == (one.id,)


def test_a_report_is_bounded_and_may_be_empty(desk: Desk) -> None:
    at = here(desk)
    many = [told(desk) for _ in range(MOST_AT_ONCE + 1)]
    refused("presentations-too-many", lambda: take(desk, at, *many))
    assert len(take(desk, at, *many[1:]).taken) == MOST_AT_ONCE
    assert take(desk, at).taken == ()


def test_presentations_and_old_codes_are_forgotten_after_90_days(desk: Desk) -> None:
    take(desk, here(desk), told(desk))
    desk.clock.now += timedelta(days=89)
    assert forget_presentations(desk.office, REGION) == 0
    desk.clock.now += timedelta(days=3)
    assert forget_presentations(desk.office, REGION) == 2
    assert kept(desk) == ()


def test_one_card_in_two_regions_within_two_hours_is_a_sign(either_desk: Desk) -> None:
    desk = either_desk
    first = here(desk)
    second = new_desk(desk, new_clinic(desk, OTHER_REGION), region=OTHER_REGION)
    take(desk, first, told(desk))
    desk.clock.now += timedelta(hours=2)
    take(desk, second, told(desk))
    (sign,) = signs(desk, OTHER_REGION)
    assert (sign.kind, sign.card_number, sign.desk_id) == ("far-apart", 7, second.id)
    assert sign.last_at - sign.first_at == timedelta(hours=2)
    assert sign.details == {
        "regions": [REGION],
        "desks": [str(first.id)],
        "organisations": [str(first.organisation_id)],
    }
    assert signs(desk, REGION) == ()


@pytest.mark.parametrize(("minutes", "count"), [(10, 1), (11, 0)])
def test_one_card_in_two_clinics_of_a_region_within_ten_minutes_is_a_sign(
    desk: Desk, minutes: int, count: int
) -> None:
    first, second = here(desk), here(desk)
    take(desk, first, told(desk))
    take(desk, first, told(desk))
    assert signs(desk) == ()
    desk.clock.now += minutes * MINUTE
    take(desk, second, told(desk))
    assert len(signs(desk)) == count


def test_a_clock_that_nobody_vouches_for_puts_no_card_into_two_places(desk: Desk) -> None:
    first, second = here(desk), here(desk)
    take(desk, first, told(desk, grade=TimeGrade.AT_LEAST))
    take(desk, second, told(desk))
    assert signs(desk) == ()


def test_a_sign_is_one_row_for_as_long_as_it_goes_on(desk: Desk) -> None:
    at = here(desk)
    copied = told(desk, reason="chip-copied")
    new = [take(desk, at, copied).signs for _ in range(3)]
    assert new == [(SignKind.CHIP_COPIED,), (), ()]
    (sign,) = signs(desk)
    assert (sign.kind, sign.occurrences) == ("chip-copied", 1)
    desk.clock.now += timedelta(hours=23)
    take(desk, at, told(desk, reason="chip-copied"))
    (longer,) = signs(desk)
    assert (longer.id, longer.occurrences, longer.last_at) == (sign.id, 2, desk.clock())
    desk.clock.now += timedelta(hours=25)
    take(desk, at, told(desk, reason="chip-copied"))
    assert len(signs(desk)) == 2


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("chip-copied", SignKind.CHIP_COPIED),
        ("signer-unknown", SignKind.SIGNER_UNKNOWN),
        ("signer-revoked", SignKind.SIGNER_UNKNOWN),
        ("trust-layer-removed", SignKind.TRUST_LAYER_REMOVED),
    ],
)
def test_what_the_verdict_says_of_a_forged_card_is_a_sign_with_and_without_its_number(
    desk: Desk, reason: str, kind: SignKind
) -> None:
    take(desk, here(desk), told(desk, reason=reason))
    take(desk, here(desk), told(desk, reason=reason, card_number=None))
    assert {one.kind for one in signs(desk)} == {kind.value}
    assert len(signs(desk, kind=kind)) == 2


def test_five_wrong_numbers_in_ten_minutes_at_a_desk_are_a_sign_in_whatever_order_told(
    desk: Desk,
) -> None:
    tries = [
        told(desk, at=desk.clock() - minutes * MINUTE, card_number=None, wrong_numbers=2)
        for minutes in (0, 5, 10)
    ]
    for order in permutations(tries):
        at = here(desk)
        for one in order:
            assert len([s for s in signs(desk) if s.desk_id == at.id]) == 0
            take(desk, at, one)
        (sign,) = [s for s in signs(desk) if s.desk_id == at.id]
        assert sign.kind == "wrong-numbers"


def test_four_wrong_numbers_or_five_in_a_longer_time_are_none(desk: Desk) -> None:
    take(desk, here(desk), told(desk, wrong_numbers=4))
    at = here(desk)
    for minutes in (0, 11):
        desk.clock.now += minutes * MINUTE
        take(desk, at, told(desk, card_number=8, wrong_numbers=3))
    assert signs(desk) == ()


def test_wrong_numbers_of_one_card_count_over_all_desks(desk: Desk) -> None:
    for _ in range(2):
        take(desk, here(desk), told(desk, wrong_numbers=3, grade=TimeGrade.AT_LEAST))
    (sign,) = signs(desk)
    assert (sign.kind, sign.card_number, sign.occurrences) == ("wrong-numbers", 7, 2)


def settling(desk: Desk, sign: AbuseSign, **changes: Any) -> SettleSign:
    values: dict[str, Any] = {
        "region": REGION,
        "key": desk.key(),
        "sign_id": sign.id,
        "version": sign.version,
        "note": "Карта перевыпущена",
    }
    return SettleSign(**(values | changes))


def test_a_sign_is_settled_with_a_note_once(desk: Desk) -> None:
    take(desk, here(desk), told(desk, reason="chip-copied"))
    (sign,) = signs(desk)
    refused(
        "note-missing",
        lambda: settle_sign(desk.office, desk.officer, settling(desk, sign, note=" ")),
    )
    command = settling(desk, sign)
    answer = settle_sign(desk.office, desk.officer, command)
    assert settle_sign(desk.office, desk.officer, command) == answer
    assert signs(desk) == ()
    (settled,) = signs(desk, state=SignState.SETTLED)
    assert (settled.note, settled.settled_by) == ("Карта перевыпущена", desk.officer.name)
    again = settling(desk, sign, version=answer.version)
    refused("sign-settled", lambda: settle_sign(desk.office, desk.officer, again))
    assert desk.actions()[-2:] == ["sign.find", "sign.settle"]
    assert "Карта" not in repr(command)


def test_a_settled_sign_is_not_opened_by_what_was_told_before_but_by_what_comes_after(
    desk: Desk,
) -> None:
    at, copied = here(desk), told(desk, reason="chip-copied")
    take(desk, at, copied)
    (sign,) = signs(desk)
    settle_sign(desk.office, desk.officer, settling(desk, sign))
    take(desk, at, copied)
    take(desk, at, replace(copied, id=uuid4(), at=copied.at - MINUTE))
    assert signs(desk) == ()
    take(desk, at, replace(copied, id=uuid4(), at=copied.at + MINUTE))
    assert len(signs(desk)) == 1


def test_only_the_security_officer_sees_and_settles_signs(desk: Desk) -> None:
    take(desk, here(desk), told(desk, reason="chip-copied"))
    (sign,) = signs(desk)
    for role in set(Role) - {Role.SERVICE, Role.SECURITY_OFFICER}:
        actor = stranger(desk, role)
        for do in (
            lambda actor=actor: list_signs(desk.office, actor, REGION, SignWish()),
            lambda actor=actor: settle_sign(desk.office, actor, settling(desk, sign)),
        ):
            with pytest.raises(Refusal, match="role"):
                do()


def test_the_offices_program_is_told_of_a_sign_without_the_card(desk: Desk) -> None:
    told_of = desk.with_settings(webhook="https://program.example.org/told")
    take(told_of, here(told_of), told(told_of, reason="chip-copied"))
    (notice,) = told_of.outbox()
    assert notice.template == "abuse-sign"
    assert notice.channel == "webhook"
    assert b"chip-copied" in notice.sealed
    assert b'"7"' not in notice.sealed
