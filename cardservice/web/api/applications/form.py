"""An application as programs write it: the draft of ``domain.application``, bounded.

Reading a draft is looser: what a person typed on a page is shown as it stands.
"""

from typing import Any, Final

from pydantic import ConfigDict, Field

from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType, Whose
from cardservice.domain.draft_form import LIST_LENGTH
from cardservice.domain.holder import Category, Sex
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueKind, ReissueSubject
from cardservice.web.api.common import Model
from cardservice.web.api.typed import Day, Flag, Line, ShortLine

EXAMPLE: Final[dict[str, Any]] = {
    "channel": "office",
    "reason": "first-policy",
    "applicant": "self",
    "person": {
        "surname": "Пробный",
        "given_name": "Семён",
        "patronymic": "Пробович",
        "sex": "male",
        "birth_date": "1980-02-29",
        "birth_place": "Пробноград",
        "citizenship_code": "RUS",
        "citizenship_name": "Россия",
        "category": "citizen",
        "snils": "112-233-445 95",
        "address": "Пробноград, ул. Пробная, 1",
        "email": "person0@example.org",
    },
    "insurer_ogrn": "1027700132195",
    "okato": "45000",
    "documents": [
        {
            "kind": "passport_rf",
            "number": "0000 000001",
            "issued_on": "2010-03-01",
            "issuer": "Пробный отдел",
        }
    ],
    "consent": True,
}


class PersonForm(Model):
    """The person the policy is for."""

    surname: ShortLine = ""
    given_name: ShortLine = ""
    patronymic: ShortLine = ""
    sex: Sex | None = None
    birth_date: Day | None = None
    birth_place: Line = ""
    citizenship_code: ShortLine = ""
    citizenship_name: ShortLine = ""
    category: Category | None = None
    snils: ShortLine = ""
    enp: ShortLine = ""
    address: Line = ""
    phone: ShortLine = ""
    email: Line = ""


class AttorneyForm(Model):
    """A power of attorney."""

    number: ShortLine = ""
    issued_on: Day | None = None
    until: Day | None = None


class RepresentativeForm(Model):
    """Who applies for the person."""

    surname: ShortLine = ""
    given_name: ShortLine = ""
    patronymic: ShortLine = ""
    phone: ShortLine = ""
    attorney: AttorneyForm | None = None


class GroundForm(Model):
    """What the reason rests on; only the fields of that reason count."""

    change_ground: ChangeGround | None = None
    moved_on: Day | None = None
    insurer_left_on: Day | None = None
    subjects: list[ReissueSubject] = Field(default=[], max_length=len(ReissueSubject))
    kind: ReissueKind | None = None
    changed_on: Day | None = None
    cause: DuplicateCause | None = None


class DocumentForm(Model):
    """A document that is shown; ``scan`` is the id of one that was attached."""

    kind: DocumentType | None = None
    whose: Whose = Whose.PERSON
    number: ShortLine = ""
    issued_on: Day | None = None
    issuer: Line = ""
    expires_on: Day | None = None
    scan: ShortLine | None = None


class ApplicationForm(Model):
    """An application as far as it is filled in; what is missing is told at its submission."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    channel: Channel | None = None
    reason: ApplyReason | None = None
    applicant: Applicant | None = None
    person: PersonForm = PersonForm()
    representative: RepresentativeForm = RepresentativeForm()
    full_capacity: Flag = False
    disability: Flag = False
    ground: GroundForm = GroundForm()
    insurer_ogrn: ShortLine = ""
    okato: ShortLine = ""
    documents: list[DocumentForm] = Field(default=[], max_length=LIST_LENGTH)
    photo: ShortLine | None = None
    photo_taken_on: Day | None = None
    consent: Flag = False

    def plain(self) -> dict[str, object]:
        """Return the form as ``domain.draft_form`` reads it."""
        return self.model_dump(mode="json")
