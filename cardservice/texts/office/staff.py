"""Who works here, what they may do, and what people are told."""

from typing import Final

from cardservice.accounts.four_eyes import Act
from cardservice.accounts.masking import PersonalField
from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.registry.outbox_values import Attempt, NoticeChannel, Template
from cardservice.registry.uploads_reading import Outcome
from cardservice.texts.office.names import Names
from cardservice.uploads.scans import ScanKind

STAFF: Final = (
    Names(
        "role",
        {
            Role.CLERK: "Clerk",
            Role.APPROVER: "Approver",
            Role.STATION: "Station",
            Role.AUDITOR: "Auditor",
            Role.SECURITY_OFFICER: "Security officer",
            Role.CLINIC: "Clinic",
            Role.APPLICANT: "Applicant",
            Role.EMPLOYER: "Employer",
            Role.COURIER: "Courier",
            Role.ADMINISTRATOR: "Administrator",
            Role.SERVICE: "The service itself",
        },
        of=Role,
    ),
    Names(
        "right",
        {
            Right.OPEN: "Open pages",
            Right.ACCOUNT: "One's own account",
            Right.ACCOUNTS: "Manage accounts",
            Right.TOKENS: "Manage tokens of programs",
            Right.SETTINGS: "Change settings",
            Right.APPLICATION_ENTER: "Enter applications",
            Right.APPLICATION_OWN: "One's own application",
            Right.APPLICATION_UPLOAD: "Upload tables of people",
            Right.APPLICATION_READ: "Read applications",
            Right.APPLICATION_DECIDE: "Decide on applications",
            Right.DOCUMENT_READ: "Look at documents",
            Right.PERSON_READ: "Look at people",
            Right.PERSON_MERGE: "Merge records of people",
            Right.PERSON_ERASE: "Erase people's data",
            Right.POLICY_READ: "Look at policies",
            Right.POLICY_CHANGE: "Change policies",
            Right.COVERAGE_ASK: "Ask who is insured",
            Right.ORDER_READ: "Look at orders",
            Right.ORDER_CHANGE: "Change and cancel orders",
            Right.ORDER_MAKE: "Make cards",
            Right.CARD_BLOCK: "Block cards",
            Right.CARD_UNBLOCK: "Unblock cards",
            Right.CARD_SERVE: "Order work on cards",
            Right.CARD_HAND_OVER: "Hand over cards",
            Right.DELIVERY: "Send and receive cards",
            Right.STOCK: "Blank cards",
            Right.PLACE_EDIT: "Change places of issue",
            Right.CLINIC_DESK: "Enrol desks of clinics",
            Right.COMPLAINT_ANSWER: "Answer complaints",
            Right.ABUSE: "Settle signs of abuse",
            Right.AUDIT_READ: "Read the audit log",
            Right.KEYS: "Manage keys",
            Right.STATISTICS: "See statistics",
        },
        of=Right,
    ),
    Names(
        "row-outcome",
        {
            Outcome.TAKEN: "taken",
            Outcome.DOUBTFUL: "taken, doubtful",
            Outcome.KNOWN: "there already",
            Outcome.REFUSED: "refused",
        },
        of=Outcome,
    ),
    Names(
        "second-person-act",
        {
            Act.APPROVE_APPLICATION: "Approve an application",
            Act.MERGE_PERSONS: "Merge two records of a person",
            Act.CHANGE_ROLES: "Change roles of an account",
            Act.ERASE_PERSON: "Erase a person's data",
        },
        of=Act,
    ),
    Names(
        "personal-field",
        {
            PersonalField.ENP: "Policy number",
            PersonalField.SNILS: "SNILS",
            PersonalField.NAMES: "Names",
            PersonalField.BIRTH_DATE: "Birth date",
            PersonalField.ADDRESS: "Address",
            PersonalField.PHONE: "Telephone",
            PersonalField.EMAIL: "E-mail",
        },
        of=PersonalField,
    ),
    Names(
        "notice-channel",
        {
            NoticeChannel.EMAIL: "E-mail",
            NoticeChannel.SMS: "SMS",
            NoticeChannel.WEBHOOK: "Program",
        },
        of=NoticeChannel,
    ),
    Names(
        "template",
        {
            Template.READY_FOR_COLLECTION: "The card is ready",
            Template.DOCUMENTS_NEEDED: "Documents are needed",
            Template.REFUSED: "The application was refused",
            Template.APPROVED_CARD: "Approved: a card will be made",
            Template.APPROVED_CARD_AT: "Approved: a card will be at the place of issue",
            Template.APPROVED_PAPER: "Approved: a paper policy",
            Template.APPROVED_PAPER_AT: "Approved: a paper policy at the place of issue",
            Template.APPROVED_CHANGE: "Approved: the insurer was changed",
            Template.COMPLAINT_ANSWERED: "The complaint was answered",
            Template.ONE_TIME_CODE: "Code to sign in",
            Template.ABUSE_SIGN: "A sign of abuse was seen",
        },
        of=Template,
    ),
    Names(
        "attempt",
        {
            Attempt.SENT: "Sent",
            Attempt.NOT_SENT: "Not sent, will be tried again",
            Attempt.IMPOSSIBLE: "Cannot be delivered",
            Attempt.UNKNOWN: "Unknown whether it arrived",
        },
        of=Attempt,
    ),
    Names(
        "scan-kind",
        {
            ScanKind.JPEG: "JPEG picture",
            ScanKind.PNG: "PNG picture",
            ScanKind.PDF: "PDF document",
        },
        of=ScanKind,
    ),
)
