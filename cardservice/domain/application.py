"""An application for a policy as a draft has it: any field may be missing or wrong.

Texts stand as typed, so that nothing a person typed is lost; numbers are texts for the same
reason. What is wrong with one, ``cardservice.domain.applications`` says.
"""

from dataclasses import dataclass, field
from datetime import date

from cardservice.domain.applicants import Applicant, PowerOfAttorney
from cardservice.domain.documents import Document
from cardservice.domain.holder import Category, Sex
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueKind, ReissueSubject


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """The person the policy is for; without a printed form of its own, so no log carries one."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    sex: Sex | None = None
    birth_date: date | None = None
    birth_place: str = ""
    citizenship_code: str = ""
    citizenship_name: str = ""
    category: Category | None = None
    snils: str = ""
    enp: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Representative:
    """Who applies for the person; the power of attorney only if one is needed."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    phone: str = ""
    attorney: PowerOfAttorney | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the reason rests on; only the fields of that reason count.

    Attributes:
        change_ground: why the insurer is changed.
        moved_on: when the person moved.
        insurer_left_on: when the insurer left the region.
        subjects: what changed or was wrong.
        kind: whether it changed or was wrong.
        changed_on: when it changed.
        cause: why a duplicate is needed.
    """

    change_ground: ChangeGround | None = None
    moved_on: date | None = None
    insurer_left_on: date | None = None
    subjects: frozenset[ReissueSubject] = frozenset()
    kind: ReissueKind | None = None
    changed_on: date | None = None
    cause: DuplicateCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application.

    Attributes:
        channel, reason, applicant: how, why and who applies.
        person: whom the policy is for.
        representative: who applies for them, if they do not themselves.
        full_capacity: the person is not of age but has full legal capacity.
        disability: the person has one, and asks for a visit at home.
        ground: what the reason rests on.
        insurer_ogrn: the insurer applied to.
        okato: the region of the policy.
        documents: those shown.
        photo: what the photo is found by, if there is one.
        photo_taken_on: when it was taken, if that is known.
        consent: the person agrees to the processing of their data.
    """

    channel: Channel | None = None
    reason: ApplyReason | None = None
    applicant: Applicant | None = None
    person: Person = field(default=Person(), repr=False)
    representative: Representative = field(default=Representative(), repr=False)
    full_capacity: bool = False
    disability: bool = False
    ground: Ground = Ground()
    insurer_ogrn: str = ""
    okato: str = ""
    documents: tuple[Document, ...] = ()
    photo: str | None = None
    photo_taken_on: date | None = None
    consent: bool = False
