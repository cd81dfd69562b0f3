"""What happened in the demonstration's office, day by day, by the office's own use cases."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from cardservice.accounts.roles import Role
from cardservice.domain.stock import Movement
from cardservice.home.office_demonstration_employer import send_table
from cardservice.home.office_demonstration_making import (
    hand_over_first,
    lease_one,
    lose_some,
    make_cards,
    send_more,
)
from cardservice.home.office_demonstration_places import add_clinics, add_place, open_days
from cardservice.home.office_demonstration_stage import Stage, begin, file_people
from cardservice.registry.applications_approving import ApproveApplication, approve
from cardservice.registry.applications_deciding import (
    AskForDocuments,
    RefuseApplication,
    WithdrawApplication,
    ask_for_documents,
    refuse,
    withdraw,
)
from cardservice.registry.commands import Answer
from cardservice.registry.complaints import (
    AnswerComplaint,
    FileComplaint,
    answer_complaint,
    file_complaint,
)
from cardservice.registry.stock import MoveBlanks, ReceiveBlanks, move_blanks, receive_blanks

_BLANKS: Final = 200
_DAYS: Final = 5  # for which times can be booked


def _open(stage: Stage) -> None:
    stage.place = add_place(*stage.by(Role.CLERK), stage.region)
    add_clinics(*stage.by(Role.CLERK), stage.region)
    blanks = ReceiveBlanks(
        region=stage.region, key=stage.key(), series="DEMO", first=1, last=_BLANKS
    )
    receive_blanks(*stage.by(Role.CLERK), blanks)
    to_station = MoveBlanks(
        region=stage.region,
        key=stage.key(),
        movement=Movement.HAND_TO_STATION,
        quantity=_BLANKS // 2,
        station=stage.actors[Role.STATION].account,
    )
    move_blanks(*stage.by(Role.CLERK), to_station)


def _file_late(stage: Stage) -> None:
    file_people(stage, 3)
    asked = file_people(stage, 1)[0]
    _ask(stage, asked)


def _file_many(stage: Stage) -> None:
    stage.filed = file_people(stage, 36)


def _decide(stage: Stage) -> None:
    filed, stage.filed = stage.filed, []
    for one in filed[:2]:
        no = RefuseApplication(
            region=stage.region,
            key=stage.key(),
            application_id=one.id,
            version=one.version,
            words="Нет права на полис.",
        )
        refuse(*stage.by(Role.APPROVER), no)
    back = WithdrawApplication(
        region=stage.region, key=stage.key(), application_id=filed[2].id, version=filed[2].version
    )
    withdraw(*stage.by(Role.CLERK), back)
    for one in filed[3:]:
        _approve(stage, one)


def _approve(stage: Stage, one: Answer) -> None:
    yes = ApproveApplication(
        region=stage.region,
        key=stage.key(),
        application_id=one.id,
        version=one.version,
        new_person=True,
        place_id=stage.place,
    )
    made = approve(*stage.by(Role.APPROVER), yes).made
    if "order" in made:
        stage.orders.append(Answer(id=UUID(made["order"]), version=1))


def _complain(stage: Stage) -> None:
    first = _complaint(stage, "Карту обещали к началу месяца, а её всё нет.")
    said = AnswerComplaint(
        region=stage.region,
        key=stage.key(),
        complaint_id=first.id,
        version=first.version,
        answer="Карта прибыла в пункт выдачи. Приносим извинения за задержку.",
    )
    answer_complaint(*stage.by(Role.CLERK), said)
    _complaint(stage, "В пункте выдачи долго ждать; запись по времени не соблюдается.")


def _complaint(stage: Stage, text: str) -> Answer:
    command = FileComplaint(
        region=stage.region, key=stage.key(), text=text, contact="person0@example.org"
    )
    return file_complaint(*stage.by(Role.CLERK), command)


def _file_lately(stage: Stage) -> None:
    for one in file_people(stage, 6):
        _approve(stage, one)
    for one in file_people(stage, 3):
        _ask(stage, one)
    file_people(stage, 2)


def _file_today(stage: Stage) -> None:
    open_days(*stage.by(Role.CLERK), stage.region, place=stage.place, days=_DAYS)
    for _ in range(2):
        begin(stage, stage.next_person())
    begin(stage, replace(stage.next_person(), documents=(), consent=False))
    file_people(stage, 8)


def _ask(stage: Stage, one: Answer) -> None:
    command = AskForDocuments(
        region=stage.region,
        key=stage.key(),
        application_id=one.id,
        version=one.version,
        words="Нужна копия страницы паспорта с адресом.",
    )
    ask_for_documents(*stage.by(Role.CLERK), command)


STAGES: Final[tuple[tuple[int, Callable[[Stage], None]], ...]] = (
    (80, _open),
    (75, _file_late),
    (60, _file_many),
    (57, _decide),
    (54, make_cards),
    (50, hand_over_first),
    (30, lose_some),
    (20, _complain),
    (6, send_more),
    (5, _file_lately),
    (4, send_table),
    (0, _file_today),
    (0, lease_one),
)
"""Days ago, and what happened then."""
