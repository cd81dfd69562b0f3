"""What holds for every command: once, wholly, recorded, and one of two at once."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest

from cardservice.domain.roles import Role
from cardservice.errors import Refusal, UsageError
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.applications_approving import ApproveApplication, approve
from cardservice.registry.applications_deciding import RefuseApplication, refuse
from cardservice.registry.audit_coding import hash_of
from cardservice.registry.commands import Answer, OfficeCommand, answer_of, request_hash
from cardservice.registry.outbox_values import NoticeChannel
from tests.registry import forms
from tests.registry.offices import BORN, REGION, Desk

THREADS = 4


def codes(outcomes: list[Answer | str]) -> list[str]:
    return sorted(one if isinstance(one, str) else "done" for one in outcomes)


def at_once(*jobs: Callable[[], Answer]) -> list[Answer | str]:
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Answer]) -> Answer | str:
        start.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_the_same_key_with_the_same_request_is_answered_as_before(desk: Desk) -> None:
    command = StartDraft(region=REGION, key="k", form={"okato": "45000"})
    first = start_draft(desk.office, desk.clerk, command)
    assert start_draft(desk.office, desk.clerk, command) == first
    assert desk.actions() == ["application.start"]


def test_the_same_key_with_another_request_is_refused(desk: Desk) -> None:
    command = StartDraft(region=REGION, key="k", form={"okato": "45000"})
    start_draft(desk.office, desk.clerk, command)
    with pytest.raises(Refusal) as caught:
        start_draft(desk.office, desk.clerk, replace(command, form={"okato": "45001"}))
    assert caught.value.code == "key-reused"
    other = start_draft(desk.office, desk.approver, command)
    assert other.state == "draft"


def test_a_refused_command_leaves_its_key_free(desk: Desk) -> None:
    filed = forms.submitted(desk)
    command = forms.approving(desk, filed, enp="1")
    with pytest.raises(Refusal) as caught:
        approve(desk.office, desk.approver, command)
    assert caught.value.code == "enp-length"
    assert desk.actions()[-1] == "application.submit"
    done = approve(desk.office, desk.approver, replace(command, enp=forms.enp()))
    assert done.state == "approved"


def test_a_stale_version_is_refused(desk: Desk) -> None:
    filed = forms.submitted(desk)
    command = replace(forms.approving(desk, filed), version=filed.version - 1)
    with pytest.raises(Refusal) as caught:
        approve(desk.office, desk.approver, command)
    assert caught.value.code == "stale"


@pytest.mark.parametrize("key", ["", " ", "x" * 101, "ключ"])
def test_a_key_is_visible_ascii_and_not_long(key: str) -> None:
    with pytest.raises(Refusal) as caught:
        OfficeCommand(region=REGION, key=key)
    assert caught.value.code == "key-wrong"


def test_requests_differ_by_every_field_but_the_key() -> None:
    command = ApproveApplication(region=REGION, key="k", application_id=UUID(int=1), version=1)
    same = request_hash(command)
    assert request_hash(replace(command, key="other")) == same
    others = (
        replace(command, region="00001"),
        replace(command, application_id=UUID(int=2)),
        replace(command, version=2),
        replace(command, enp="1"),
        replace(command, new_person=True),
        replace(command, place_id=UUID(int=1)),
    )
    assert len({request_hash(one) for one in others} | {same}) == len(others) + 1


def test_an_answer_is_kept_as_it_is() -> None:
    answer = Answer(id=UUID(int=1), version=2, state="draft", number="N", made={"person": "x"})
    assert answer_of(answer.kept()) == answer


def test_only_the_service_acts_without_an_account_and_a_ground_is_a_code() -> None:
    for account, role, ground in (
        (None, Role.CLERK, None),
        (UUID(int=1), Role.SERVICE, None),
        (UUID(int=1), Role.CLERK, "позвонил Иванов"),
    ):
        with pytest.raises(UsageError):
            Actor(account, role, ground)
    assert SERVICE.name == "system"


def test_the_audit_log_names_actor_role_and_ground_and_is_a_chain(desk: Desk) -> None:
    actor = replace(desk.clerk, ground="letter/17")
    start_draft(desk.office, actor, StartDraft(region=REGION, key="k"))
    forms.approved(desk)
    log = desk.audit()
    first = log[0].fact
    assert (first.actor, first.role, first.ground) == (actor.name, "clerk", "letter/17")
    assert all(one.hash == hash_of(one) for one in log)
    assert [one.previous_hash for one in log[1:]] == [one.hash for one in log[:-1]]


def test_of_two_approvals_at_once_one_wins(either_desk: Desk) -> None:
    desk = either_desk
    filed = forms.submitted(desk)
    commands = [forms.approving(desk, filed) for _ in range(THREADS)]
    outcomes = at_once(*(lambda c=c: approve(desk.office, desk.approver, c) for c in commands))
    assert codes(outcomes) == ["done", *["stale"] * (THREADS - 1)]
    assert desk.actions().count("application.approve") == 1
    with desk.reading() as work:
        assert len(work.people.search(birth_date=BORN).rows) == 1


def test_one_key_from_several_threads_makes_one_change_and_one_answer(either_desk: Desk) -> None:
    desk = either_desk
    command = StartDraft(region=REGION, key="k")
    jobs = [lambda: start_draft(desk.office, desk.clerk, command)] * THREADS
    outcomes = at_once(*jobs)
    assert isinstance(outcomes[0], Answer)
    assert outcomes == [outcomes[0]] * THREADS
    assert desk.actions() == ["application.start"]


def test_two_people_of_one_number_do_not_get_it_both(either_desk: Desk) -> None:
    desk = either_desk
    number, filed = forms.enp(), []
    for name in ("Один", "Другой"):
        person = forms.person(surname=name, given_name=name, snils=forms.snils())
        filed.append(forms.submitted(desk, forms.draft(person=person)))
    commands = [forms.approving(desk, one, enp=number) for one in filed]
    outcomes = at_once(*(lambda c=c: approve(desk.office, desk.approver, c) for c in commands))
    assert codes(outcomes) == ["done", "enp-taken"]


def test_what_breaks_in_the_middle_leaves_no_entry_and_no_notification(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = either_desk
    filed = forms.submitted(desk)
    before, seen = desk.audit(), []

    def broken(_: object) -> bytes:
        seen.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(Answer, "kept", broken)
    no = RefuseApplication(
        region=REGION, key="k", application_id=filed.id, version=filed.version, words="x"
    )
    with pytest.raises(ZeroDivisionError):
        refuse(desk.office, desk.approver, no)
    monkeypatch.undo()
    assert seen == [1]
    assert (desk.audit(), desk.outbox()) == (before, ())
    assert refuse(desk.office, desk.approver, no).state == "refused"
    assert len(desk.outbox()) == 1


KILLED = """
import os, signal, sys, uuid
from cardservice.registry.commands import Answer
from cardservice.registry.applications_deciding import RefuseApplication, refuse
from cardservice.storage.engine import open_database
from tests.registry.offices import REGION, new_desk
Answer.kept = lambda _: os.kill(os.getpid(), signal.SIGKILL)
desk = new_desk(open_database(sys.argv[1]))
refuse(desk.office, desk.approver, RefuseApplication(
    region=REGION, key="k", application_id=uuid.UUID(sys.argv[2]),
    version=int(sys.argv[3]), words="x"))
"""


def test_a_process_killed_in_the_middle_leaves_no_entry_and_no_notification(
    either_desk: Desk, address: str
) -> None:
    desk = either_desk
    filed = forms.submitted(desk)
    before = desk.audit()
    arguments = [address, str(filed.id), str(filed.version)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], check=False, timeout=60, capture_output=True
    )
    assert done.returncode < 0, done.stderr
    assert (desk.audit(), desk.outbox()) == (before, ())
    no = RefuseApplication(
        region=REGION, key="k", application_id=filed.id, version=filed.version, words="x"
    )
    assert refuse(desk.office, desk.approver, no).state == "refused"


def test_the_offices_own_program_is_told_of_what_people_are_told(desk: Desk) -> None:
    told = "https://example.org/told"
    with_program = desk.with_settings(webhook=told)
    forms.approved(with_program)
    sent = {one.channel: one.template for one in desk.outbox()}
    assert sent[NoticeChannel.WEBHOOK] == sent[NoticeChannel.EMAIL]
