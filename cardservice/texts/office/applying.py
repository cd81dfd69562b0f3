"""What an application says: who applies, why, how, and with which documents."""

from typing import Final

from cardservice.domain.applicants import Applicant, NewbornServedBy
from cardservice.domain.documents import DocumentType, Whose
from cardservice.domain.findings import Severity
from cardservice.domain.holder import Category, Sex
from cardservice.domain.identity import Match, Sign
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import (
    ApplyReason,
    DuplicateCause,
    OldCard,
    ReissueKind,
    ReissueSubject,
)
from cardservice.texts.office.names import Names

APPLYING: Final = (
    Names(
        "category",
        {
            Category.CITIZEN: "Citizen of Russia",
            Category.PERMANENT_RESIDENT: "Foreigner with a residence permit",
            Category.TEMPORARY_RESIDENT: "Foreigner with a temporary residence permit",
            Category.REFUGEE: "Refugee",
            Category.STATELESS: "Stateless person",
            Category.EAEU_WORKER: "Worker from the Eurasian Economic Union",
        },
        of=Category,
    ),
    Names(
        "sex",
        {
            Sex.MALE: "Male",
            Sex.FEMALE: "Female",
        },
        of=Sex,
    ),
    Names(
        "channel",
        {
            Channel.OFFICE: "At the office",
            Channel.WEBSITE: "On the website",
            Channel.HOME: "Visit at home",
            Channel.EMPLOYER: "Through the employer",
        },
        of=Channel,
    ),
    Names(
        "apply-reason",
        {
            ApplyReason.FIRST_POLICY: "First policy",
            ApplyReason.INSURER_CHANGE: "Change of insurer",
            ApplyReason.REISSUE: "New card with corrected data",
            ApplyReason.DUPLICATE: "Duplicate",
        },
        of=ApplyReason,
    ),
    Names(
        "reissue-subject",
        {
            ReissueSubject.NAME: "Name",
            ReissueSubject.SEX: "Sex",
            ReissueSubject.BIRTH_DATE: "Birth date",
            ReissueSubject.BIRTH_PLACE: "Birth place",
        },
        of=ReissueSubject,
    ),
    Names(
        "reissue-kind",
        {
            ReissueKind.CHANGED: "The data changed",
            ReissueKind.WRONG: "There was a mistake",
        },
        of=ReissueKind,
    ),
    Names(
        "duplicate-cause",
        {
            DuplicateCause.LOST: "Lost",
            DuplicateCause.STOLEN: "Stolen",
            DuplicateCause.DAMAGED: "Damaged",
            DuplicateCause.UNREADABLE: "Unreadable",
        },
        of=DuplicateCause,
    ),
    Names(
        "card-until",
        {
            OldCard.NONE: "There is no earlier card",
            OldCard.STAYS: "The card stays good",
            OldCard.AT_HAND_OVER: "The earlier card is good until the hand-over",
            OldCard.AT_ONCE: "The earlier card is no longer good",
        },
        of=OldCard,
    ),
    Names(
        "change-ground",
        {
            ChangeGround.OWN_WISH: "Own wish",
            ChangeGround.MOVE: "Move to another place",
            ChangeGround.INSURER_LEFT: "The insurer left the region",
        },
        of=ChangeGround,
    ),
    Names(
        "applicant",
        {
            Applicant.SELF: "The person",
            Applicant.PARENT_OR_GUARDIAN: "Parent or guardian",
            Applicant.REPRESENTATIVE: "Representative with a power of attorney",
        },
        of=Applicant,
    ),
    Names(
        "newborn-served-by",
        {
            NewbornServedBy.MOTHERS_INSURER: "The mother's insurer",
            NewbornServedBy.PARENTS_INSURER: "The insurer a parent chose",
        },
        of=NewbornServedBy,
    ),
    Names(
        "document-type",
        {
            DocumentType.PASSPORT_RF: "Passport of a citizen of Russia",
            DocumentType.TEMPORARY_IDENTITY_CARD: "Temporary identity card",
            DocumentType.BIRTH_CERTIFICATE: "Birth certificate",
            DocumentType.FOREIGN_PASSPORT: "Passport of a foreign citizen",
            DocumentType.RESIDENCE_PERMIT: "Residence permit",
            DocumentType.TEMPORARY_RESIDENCE_PERMIT: "Temporary residence permit",
            DocumentType.REFUGEE_CERTIFICATE: "Refugee certificate",
            DocumentType.REQUEST_CONSIDERED: "Proof that a request for refuge is considered",
            DocumentType.COMPLAINT_CONSIDERED: "Proof that a complaint on refuge is considered",
            DocumentType.TEMPORARY_ASYLUM_CERTIFICATE: "Temporary-asylum certificate",
            DocumentType.STATELESS_ID: "Identity document of a stateless person",
            DocumentType.EMPLOYMENT_CONTRACT: "Employment contract",
            DocumentType.SNILS: "SNILS",
            DocumentType.POWER_OF_ATTORNEY: "Power of attorney",
            DocumentType.GUARDIANSHIP_ACT: "Act of guardianship",
            "photo": "Photo",
            "complaint-attachment": "Attachment of a complaint",
            "hand-over-receipt": "Receipt of a hand-over",
        },
        of=DocumentType,
    ),
    Names(
        "whose",
        {
            Whose.PERSON: "Of the insured person",
            Whose.REPRESENTATIVE: "Of the representative",
        },
        of=Whose,
    ),
    Names(
        "match",
        {
            Match.SAME: "The same person",
            Match.MAYBE: "Perhaps the same person",
            Match.DIFFERENT: "Another person",
        },
        of=Match,
    ),
    Names(
        "sign",
        {
            Sign.ENP: "The policy number is the same",
            Sign.SNILS: "The SNILS is the same",
            Sign.NAME: "The full name is the same",
            Sign.FIRST_NAMES: "The given name and patronymic are the same, the surname is not",
            Sign.BIRTH_DATE: "The birth date is the same",
            Sign.BIRTH_PLACE: "The birth place is the same",
            Sign.ENP_DIFFERS: "The policy numbers differ",
            Sign.SNILS_DIFFERS: "The SNILS differ",
        },
        of=Sign,
    ),
    Names(
        "severity",
        {
            Severity.ERROR: "Error",
            Severity.WARNING: "Warning",
        },
        of=Severity,
    ),
)
