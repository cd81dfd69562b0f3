"""What moves a policy, who insures under it, and what serves until it is made."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from cardservice.domain.application import Ground
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.reasons import ApplyReason, DuplicateCause
from cardservice.domain.roles import Role
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.registry import certificates
from cardservice.registry.actor import Actor
from cardservice.registry.applications_submitting import submit
from cardservice.registry.commands import Answer
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.policies import ChangeInsurer, MovePolicy, change_insurer, move_policy
from cardservice.registry.ports_making import Card
from tests.registry import forms
from tests.registry.offices import REGION, TODAY, Desk, refused

REASONS = PolicyChangeReason


def moving(
    desk: Desk, policy: UUID, reason: REASONS, day: date = TODAY, **more: object
) -> MovePolicy:
    with desk.reading() as work:
        version = work.policies.get(REGION, policy).version
    values: dict[str, object] = {
        "region": REGION,
        "key": desk.key(),
        "policy_id": policy,
        "version": version,
        "reason": reason,
        "happened_on": day,
        "words": "Справка",
    }
    return MovePolicy(**(values | more))  # type: ignore[arg-type]


def changing(desk: Desk, policy: UUID, **more: object) -> ChangeInsurer:
    with desk.reading() as work:
        version = work.policies.get(REGION, policy).version
    values: dict[str, object] = {
        "region": REGION,
        "key": desk.key(),
        "policy_id": policy,
        "version": version,
        "ogrn": forms.OTHER_INSURER,
        "okato": "45000",
        "ground": ChangeGround.OWN_WISH,
        "filed_on": desk.office.today,
    }
    return ChangeInsurer(**(values | more))  # type: ignore[arg-type]


def with_card(desk: Desk, done: Answer) -> UUID:
    """Give the person the card that was ordered, and return its id."""
    card = Card(
        region=REGION,
        id=desk.office.new_id(),
        number=1,
        policy_id=forms.made(done, "policy"),
        state="active",
        created_at=desk.clock(),
        updated_at=desk.clock(),
    )

    def work(kept: object) -> None:
        kept.cards.add(card)  # type: ignore[attr-defined]
        order = kept.orders.get(REGION, forms.made(done, "order"))  # type: ignore[attr-defined]
        kept.orders.change(replace(order, state="handed-over"))  # type: ignore[attr-defined]

    desk.office.database.transaction(work, region=REGION)
    return card.id


def test_a_policy_is_suspended_goes_on_and_is_closed(desk: Desk) -> None:
    policy = forms.made(forms.approved(desk), "policy")
    steps = (
        (REASONS.MILITARY_SERVICE, "suspended"),
        (REASONS.MILITARY_SERVICE_ENDED, "active"),
        (REASONS.DEATH, "closed"),
    )
    for reason, state in steps:
        desk.clock.pass_days(1)
        command = moving(desk, policy, reason, desk.office.today)
        assert move_policy(desk.office, desk.clerk, command).state == state
    with desk.reading() as work:
        closed = work.policies.get(REGION, policy)
        (order,) = work.orders.of_policy(REGION, policy)
    assert closed.closed_on == TODAY + timedelta(days=3)
    assert order.state == "cancelled"
    again = moving(desk, policy, REASONS.MILITARY_SERVICE, desk.office.today)
    refused("state-policy-closed", lambda: move_policy(desk.office, desk.clerk, again))


@pytest.mark.parametrize(
    ("days", "code"),
    [(1, "policy-change-in-future"), (-1, "policy-change-before-start")],
)
def test_a_change_has_a_possible_day(desk: Desk, days: int, code: str) -> None:
    policy = forms.made(forms.approved(desk), "policy")
    command = moving(desk, policy, REASONS.DEATH, TODAY + timedelta(days=days))
    refused(code, lambda: move_policy(desk.office, desk.clerk, command))


def test_a_change_is_not_before_the_last_one(desk: Desk) -> None:
    policy = forms.made(forms.approved(desk), "policy")
    desk.clock.pass_days(9)
    late = moving(desk, policy, REASONS.MILITARY_SERVICE, desk.office.today)
    move_policy(desk.office, desk.clerk, late)
    early = moving(desk, policy, REASONS.MILITARY_SERVICE_ENDED, TODAY)
    refused("policy-change-before-last", lambda: move_policy(desk.office, desk.clerk, early))


def test_a_policy_is_moved_with_words_by_the_office_and_as_duplicate_only_by_merging(
    desk: Desk,
) -> None:
    policy = forms.made(forms.approved(desk), "policy")
    bare = moving(desk, policy, REASONS.DEATH, words="")
    refused("ground-missing", lambda: move_policy(desk.office, desk.clerk, bare))
    by_officer = moving(desk, policy, REASONS.DEATH)
    refused("role-not-allowed", lambda: move_policy(desk.office, desk.officer, by_officer))
    merged = moving(desk, policy, REASONS.MERGED_DUPLICATE)
    refused("policy-merge-only", lambda: move_policy(desk.office, desk.clerk, merged))


def test_a_change_of_insurer_ends_one_period_and_updates_the_card(desk: Desk) -> None:
    done = forms.approved(desk)
    policy, card = forms.made(done, "policy"), with_card(desk, done)
    desk.clock.pass_days(1)
    changed = change_insurer(desk.office, desk.clerk, changing(desk, policy))
    with desk.reading() as work:
        first, second = work.insurers.of_policy(REGION, policy)
        order = work.orders.get(REGION, forms.made(changed, "order"))
    assert (first.end_date, second.start_date) == (TODAY, TODAY + timedelta(days=1))
    assert second.ogrn == forms.OTHER_INSURER
    assert (order.card_id, order.state) == (card, "queued")


def test_the_insurer_is_changed_once_a_year_by_own_wish_and_by_november(desk: Desk) -> None:
    policy = forms.made(forms.approved(desk), "policy")
    same = changing(desk, policy, ogrn=forms.INSURER)
    refused("insurer-same", lambda: change_insurer(desk.office, desk.clerk, same))
    future = changing(desk, policy, filed_on=TODAY + timedelta(days=1))
    refused("change-filed-in-future", lambda: change_insurer(desk.office, desk.clerk, future))
    change_insurer(desk.office, desk.clerk, changing(desk, policy))
    again = changing(desk, policy, ogrn=forms.INSURER)
    refused("change-already-this-year", lambda: change_insurer(desk.office, desk.clerk, again))
    moved = replace(again, key=desk.key(), ground=ChangeGround.MOVE, happened_on=TODAY)
    assert change_insurer(desk.office, desk.clerk, moved).made.keys() == {"insurer"}
    desk.clock.pass_days(200)
    late = changing(desk, policy)
    refused("change-after-cutoff", lambda: change_insurer(desk.office, desk.clerk, late))


def test_an_application_for_another_insurer_keeps_number_and_card(desk: Desk) -> None:
    number = forms.enp()
    done = forms.approved(desk, enp=number)
    card = with_card(desk, done)
    changed = forms.approved(desk, forms.change_draft(number))
    assert changed.made["policy"] == done.made["policy"]
    assert "certificate" not in changed.made
    with desk.reading() as work:
        assert work.orders.get(REGION, forms.made(changed, "order")).card_id == card
    begun = forms.started(desk, forms.change_draft(number, insurer_ogrn=forms.INSURER))
    with pytest.raises(FindingsRefusal) as caught:
        submit(desk.office, desk.clerk, forms.submitting(desk, begun))
    errors = [one.code for one in caught.value.findings if one.is_error]
    assert errors == ["change-already-this-year"]


@pytest.mark.parametrize(
    ("cause", "state"),
    [(DuplicateCause.STOLEN, "terminated"), (DuplicateCause.DAMAGED, "active")],
)
def test_a_duplicate_ends_a_stolen_card_at_once_and_a_damaged_one_not_yet(
    desk: Desk, cause: DuplicateCause, state: str
) -> None:
    number = forms.enp()
    card = with_card(desk, forms.approved(desk, enp=number))
    wish = forms.draft(
        reason=ApplyReason.DUPLICATE, person=forms.person(enp=number), ground=Ground(cause=cause)
    )
    done = forms.approved(desk, wish)
    with desk.reading() as work:
        assert work.cards.get(REGION, card).state == state
        assert work.orders.get(REGION, forms.made(done, "order")).card_id is None


def test_a_certificate_serves_once_and_expires_by_itself(desk: Desk) -> None:
    filed = forms.submitted(desk)
    issue = certificates.IssueCertificate(
        region=REGION, key=desk.key(), application_id=filed.id, version=filed.version
    )
    issued = certificates.issue_certificate(desk.office, desk.clerk, issue)
    assert (issued.state, len(issued.number or "")) == ("issued", 9)
    again = replace(issue, key=desk.key())
    refused(
        "certificate-exists",
        lambda: certificates.issue_certificate(desk.office, desk.clerk, again),
    )
    assert certificates.expire_certificates(desk.office, REGION) == 0
    desk.clock.pass_days(60)
    assert certificates.expire_certificates(desk.office, REGION) == 1
    use = certificates.UseUpCertificate(
        region=REGION, key=desk.key(), certificate_id=issued.id, version=issued.version + 1
    )
    refused(
        "state-temporary-certificate-expired",
        lambda: certificates.use_up_certificate(desk.office, desk.clerk, use),
    )


def test_a_certificate_is_used_up_and_a_draft_has_none(desk: Desk) -> None:
    done = forms.approved(desk)
    use = certificates.UseUpCertificate(
        region=REGION, key=desk.key(), certificate_id=forms.made(done, "certificate"), version=1
    )
    courier = Actor(desk.office.new_id(), Role.COURIER)
    refused("role-not-allowed", lambda: certificates.use_up_certificate(desk.office, courier, use))
    assert certificates.use_up_certificate(desk.office, desk.clerk, use).state == "used-up"
    person = forms.person(surname="Иной", snils=forms.snils())
    begun = forms.started(desk, forms.draft(person=person))
    issue = certificates.IssueCertificate(
        region=REGION, key=desk.key(), application_id=begun.id, version=begun.version
    )
    refused(
        "state-not-filed", lambda: certificates.issue_certificate(desk.office, desk.clerk, issue)
    )
