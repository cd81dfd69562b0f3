"""Fictional rows; each call makes new ids."""

import itertools
from datetime import UTC, date, datetime
from uuid import UUID

from cardservice.accounts.account import Account, SecondFactor
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Session, Stage, Subject
from cardservice.registry.audit_values import AuditEntry, AuditFact, AuditHead
from cardservice.registry.outbox_values import NoticeChannel, Notification, Template
from cardservice.storage.rows.access import Command, RememberedAnswer
from cardservice.storage.rows.applications import Application, Document
from cardservice.storage.rows.clinics import (
    AbuseSign,
    ClinicDesk,
    DeskTerminal,
    EnrolmentCode,
    KeptPresentation,
    SubstituteQuestion,
)
from cardservice.storage.rows.exchange import Complaint, ComplaintAttachment
from cardservice.storage.rows.making import Card, Order, Receipt, StockMovement
from cardservice.storage.rows.people import Consent, Look, Person
from cardservice.storage.rows.places import Booking, MedicalOrganisation, Place, Slot
from cardservice.storage.rows.policies import Policy, PolicyInsurer, TemporaryCertificate
from cardservice.storage.rows.uploads import Upload, UploadRow

REGION = "00000"
OTHER_REGION = "00001"
NOW = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
TODAY = date(2030, 1, 2)
BORN = date(1980, 2, 29)
_ids = itertools.count(1)


def new_id() -> UUID:
    return UUID(int=(7 << 76) | (2 << 62) | next(_ids))


def person(name: str = "Пробный Проба Пробович", *, born: date = BORN, **more: object) -> Person:
    surname, given_name, *rest = name.split(" ")
    values: dict[str, object] = {
        "region": REGION,
        "id": new_id(),
        "surname": surname,
        "given_name": given_name,
        "patronymic": " ".join(rest) or None,
        "sex": "male",
        "birth_date": born,
        "category": "citizen",
        "created_at": NOW,
    }
    return Person(**(values | more))  # type: ignore[arg-type]


def policy(of: Person, enp: str = "0054910834000015", **more: object) -> Policy:
    values: dict[str, object] = {
        "region": of.region,
        "id": new_id(),
        "person_id": of.id,
        "enp": enp,
        "state": "active",
        "opened_on": TODAY,
        "created_at": NOW,
    }
    return Policy(**(values | more))  # type: ignore[arg-type]


def insurer(of: Policy, start: date = TODAY) -> PolicyInsurer:
    return PolicyInsurer(
        region=of.region,
        id=new_id(),
        policy_id=of.id,
        ogrn="1020000000007",
        okato="00000",
        start_date=start,
        ground="own-wish",
        filed_on=TODAY,
        recorded_at=NOW,
    )


def application(number: str = "1", **more: object) -> Application:
    values: dict[str, object] = {
        "region": REGION,
        "id": new_id(),
        "number": number,
        "state": "submitted",
        "channel": "office",
        "reason": "first-policy",
        "birth_date": BORN,
        "draft": {"surname": "Пробный", "children": [1, None, True], "ё": "Ё"},
        "entered_by": "clerk",
        "entered_at": NOW,
        "updated_at": NOW,
    }
    return Application(**(values | more))  # type: ignore[arg-type]


def certificate(of: Application, number: str = "000000001") -> TemporaryCertificate:
    return TemporaryCertificate(
        region=of.region,
        id=new_id(),
        number=number,
        application_id=of.id,
        state="issued",
        issued_on=TODAY,
        valid_until=TODAY,
    )


def document(of: Application) -> Document:
    return Document(
        region=of.region,
        id=new_id(),
        application_id=of.id,
        kind="passport",
        number="0000 000001",
        content_hash=bytes(range(32)),
        size=1 << 33,
        uploaded_by="clerk",
        uploaded_at=NOW,
    )


def order(of: Policy, **more: object) -> Order:
    values: dict[str, object] = {
        "region": of.region,
        "id": new_id(),
        "policy_id": of.id,
        "state": "queued",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Order(**(values | more))  # type: ignore[arg-type]


def card(of: Policy, number: int = (1 << 48) - 1) -> Card:
    return Card(
        region=of.region,
        id=new_id(),
        number=number,
        chip_serial=b"\0\xff",
        policy_id=of.id,
        state="active",
        created_at=NOW,
        updated_at=NOW,
    )


def receipt(of: Order, card: Card, person: Person, at: Place) -> Receipt:
    return Receipt(
        region=of.region,
        id=new_id(),
        number="000001",
        order_id=of.id,
        card_id=card.id,
        person_id=person.id,
        place_id=at.id,
        came="self",
        shown="passport_rf",
        old_card="none",
        handed_by="clerk",
        handed_at=NOW,
    )


def movement(kind: str, quantity: int, station: str | None = None) -> StockMovement:
    return StockMovement(
        region=REGION,
        id=new_id(),
        kind=kind,
        quantity=quantity,
        station=station,
        actor="clerk",
        at=NOW,
    )


def place(name: str = "Пункт") -> Place:
    return Place(
        region=REGION,
        id=new_id(),
        name=name,
        address="ул. Пробная, 1",
        hours={"mon": ["09:00", "18:00"]},
        services=["issue"],
        collects=True,
    )


def slot(of: Place, starts_at: datetime = NOW, *, booked: int = 0) -> Slot:
    return Slot(
        region=of.region,
        id=new_id(),
        place_id=of.id,
        starts_at=starts_at,
        minutes=15,
        capacity=1,
        booked=booked,
    )


def booking(of: Slot, by: Application) -> Booking:
    return Booking(
        region=of.region, id=new_id(), slot_id=of.id, application_id=by.id, booked_at=NOW
    )


def clinic(name: str, *services: str) -> MedicalOrganisation:
    return MedicalOrganisation(
        region=REGION,
        id=new_id(),
        name=name,
        ogrn="1020000000007",
        place="Пробноград",
        address="ул. Ёлочная, 5",
        services=list(services),
        joined_on=TODAY,
    )


def clinic_desk(of: MedicalOrganisation) -> ClinicDesk:
    id_ = new_id()
    return ClinicDesk(
        region=of.region,
        id=id_,
        organisation_id=of.id,
        name="Окно 1",
        client_id=str(id_),
        thumbprint=bytes(range(32)),
        public_key=bytes(range(91)),
        holder="RUABCDEFGHJ",
        rights=["read-policy"],
        enrolled_by="clerk",
        enrolled_at=NOW,
    )


def desk_terminal(of: ClinicDesk) -> DeskTerminal:
    return DeskTerminal(
        region=of.region,
        id=of.id,
        ogrn="1020000000008",
        clinic="Клиника",
        desk=of.name,
        holder=of.holder,
        sequence="00001",
        fingerprint="ab" * 32,
        rights=["read-policy"],
        not_before=NOW.date(),
        not_after=NOW.date(),
        bundle=b"{}",
        enrolled_at=NOW,
        certified_at=NOW,
        certified_by="clerk",
        reason="first certificate",
    )


def enrolment_code(of: ClinicDesk) -> EnrolmentCode:
    return EnrolmentCode(
        region=of.region,
        id=new_id(),
        code_hash=bytes(range(32)),
        organisation_id=of.organisation_id,
        desk=of.name,
        rights=of.rights,
        made_by="clerk",
        made_at=NOW,
        expires_at=NOW,
        used_at=NOW,
        desk_id=of.id,
    )


def presentation(of: ClinicDesk) -> KeptPresentation:
    return KeptPresentation(
        region=of.region,
        id=new_id(),
        desk_id=of.id,
        organisation_id=of.organisation_id,
        source_id=new_id(),
        card_hash=bytes(range(32)),
        at=NOW,
        grade="proven",
        outcome="valid",
        reason="card-active",
        offline=True,
        wrong_numbers=2,
        received_at=NOW,
    )


def substitute(of: ClinicDesk) -> SubstituteQuestion:
    return SubstituteQuestion(
        region=of.region,
        id=new_id(),
        desk_id=of.id,
        source_id=new_id(),
        question_hash=bytes(range(32)),
        reason="card-forgotten",
        at=NOW,
    )


def abuse_sign(of: ClinicDesk) -> AbuseSign:
    return AbuseSign(
        region=of.region,
        id=new_id(),
        kind="chip-copied",
        state="open",
        subject=bytes(range(32)),
        desk_id=of.id,
        organisation_id=of.organisation_id,
        card_number=(1 << 48) - 1,
        first_at=NOW,
        last_at=NOW,
        occurrences=1,
        details={"regions": ["00000"]},
        found_at=NOW,
    )


def complaint(number: str = "1") -> Complaint:
    return Complaint(
        region=REGION,
        id=new_id(),
        number=number,
        state="received",
        text="Строка\nи ещё одна",
        received_at=NOW,
        due_on=TODAY,
    )


def attachment(of: Complaint) -> ComplaintAttachment:
    return ComplaintAttachment(
        region=of.region,
        id=new_id(),
        complaint_id=of.id,
        content_hash=bytes(range(1, 33)),
        wrapped_key=b"\0",
        media_type="image/png",
        size=1 << 33,
        uploaded_by="clerk",
        uploaded_at=NOW,
    )


def upload(**more: object) -> Upload:
    values: dict[str, object] = {
        "region": REGION,
        "id": new_id(),
        "sender": "employer",
        "name": "люди.xlsx",
        "content_hash": bytes(range(32)),
        "state": "done",
        "rows": 5,
        "taken": 4,
        "refused": 1,
        "received_at": NOW,
    }
    return Upload(**(values | more))  # type: ignore[arg-type]


def upload_row(of: Upload, number: int = 2, **more: object) -> UploadRow:
    values: dict[str, object] = {
        "region": of.region,
        "id": new_id(),
        "upload_id": of.id,
        "number": number,
        "findings": [{"field": "enp", "code": "enp-check-digit"}],
    }
    return UploadRow(**(values | more))  # type: ignore[arg-type]


def notification(next_at: datetime | None = NOW, **more: object) -> Notification:
    values: dict[str, object] = {
        "region": REGION,
        "id": new_id(),
        "channel": NoticeChannel.EMAIL,
        "template": Template.READY_FOR_COLLECTION,
        "language": "ru",
        "sealed": b"\0sealed",
        "masked": "п…@example.org",
        "created_at": NOW,
        "next_at": next_at,
    }
    return Notification(**(values | more))  # type: ignore[arg-type]


def consent(of: Person) -> Consent:
    return Consent(
        region=of.region,
        id=new_id(),
        person_id=of.id,
        purpose="insurance",
        wording="2030-01",
        channel="office",
        given_at=NOW,
    )


def look(at: Person) -> Look:
    return Look(
        region=at.region,
        id=new_id(),
        person_id=at.id,
        actor="clerk",
        role="clerk",
        reason="application 1",
        at=NOW,
    )


def audit_entry(number: int, region: str = REGION) -> AuditEntry:
    fact = AuditFact(
        region=region,
        actor="clerk-1",
        role="clerk",
        action="application.submit",
        subject_kind="application",
        subject_id=str(UUID(int=1)),
        ground="",
        details={"z": "1", "a": "state"},
    )
    return AuditEntry(
        number=number,
        at=NOW,
        fact=fact,
        previous_hash=bytes(32),
        hash=bytes([number % 256]) * 32,
    )


def audit_head(number: int) -> AuditHead:
    return AuditHead(
        region=REGION, number=number, hash=bytes(32), at=NOW, key="audit-1", signature=bytes(64)
    )


def account(name: str = "clerk", **more: object) -> Account:
    values: dict[str, object] = {
        "id": new_id(),
        "region": REGION,
        "name": name,
        "roles": frozenset({Role.CLERK, Role.APPROVER}),
        "second_factor": SecondFactor(sealed=b"\0", last_step=1 << 40),
        "recovery": (bytes(32), b"\xff" * 32),
    }
    return Account(**(values | more))  # type: ignore[arg-type]


def session(of: Account, token_hash: bytes = bytes(32), *, at: datetime = NOW) -> Session:
    subject = Subject(id=of.id, region=of.region, roles=of.roles, label=of.name)
    return Session(
        token_hash=token_hash, subject=subject, stage=Stage.FULL, authenticated_at=at, seen_at=at
    )


def command(key: str = "k-1", request: bytes = bytes(32)) -> Command:
    return Command(region=REGION, actor="clerk", key=key, request_hash=request)


def answer() -> RememberedAnswer:
    return RememberedAnswer(status=201, answer={"number": "1"})
