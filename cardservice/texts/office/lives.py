"""The states of applications, orders, cards, policies, certificates and complaints."""

from typing import Final

from cardservice.domain.lives import (
    ApplicationState,
    CardState,
    CertificateState,
    ComplaintState,
    OrderState,
    PolicyState,
)
from cardservice.domain.register import CardStatus
from cardservice.domain.terms import Standing
from cardservice.registry.outbox_values import NoticeState
from cardservice.registry.uploads import UploadState
from cardservice.texts.office.names import Names

LIVES: Final = (
    Names(
        "application-state",
        {
            ApplicationState.DRAFT: "Draft",
            ApplicationState.SUBMITTED: "Submitted",
            ApplicationState.DOCUMENTS_NEEDED: "Documents needed",
            ApplicationState.APPROVED: "Approved",
            ApplicationState.REFUSED: "Refused",
            ApplicationState.WITHDRAWN: "Withdrawn",
        },
        of=ApplicationState,
    ),
    Names(
        "order-state",
        {
            OrderState.QUEUED: "In the queue",
            OrderState.LEASED: "Being made",
            OrderState.PERSONALIZED: "Made",
            OrderState.IN_DELIVERY: "On the way",
            OrderState.ARRIVED: "At the place of issue",
            OrderState.HANDED_OVER: "Handed over",
            OrderState.SPOILED: "Spoiled",
            OrderState.CANCELLED: "Cancelled",
        },
        of=OrderState,
    ),
    Names(
        "card-state",
        {
            CardState.BLANK: "Blank",
            CardState.PERSONALIZED: "Made, not handed over",
            CardState.ACTIVE: "Active",
            CardState.BLOCKED: "Blocked",
            CardState.TERMINATED: "Terminated",
        },
        of=CardState,
    ),
    Names(
        "policy-state",
        {
            PolicyState.ACTIVE: "In force",
            PolicyState.SUSPENDED: "Suspended",
            PolicyState.CLOSED: "Closed",
        },
        of=PolicyState,
    ),
    Names(
        "certificate-state",
        {
            CertificateState.ISSUED: "In force",
            CertificateState.USED_UP: "Replaced by the policy",
            CertificateState.EXPIRED: "Expired",
        },
        of=CertificateState,
    ),
    Names(
        "complaint-state",
        {
            ComplaintState.RECEIVED: "Waits for an answer",
            ComplaintState.ANSWERED: "Answered",
            ComplaintState.WITHDRAWN: "Withdrawn",
        },
        of=ComplaintState,
    ),
    Names(
        "card-status",
        {
            CardStatus.ACTIVE: "Active",
            CardStatus.BLOCKED: "Blocked",
            CardStatus.TERMINATED: "Terminated",
            CardStatus.UNKNOWN: "Unknown",
        },
        of=CardStatus,
    ),
    Names(
        "upload-state",
        {
            UploadState.RECEIVED: "Received",
            UploadState.JUDGED: "Being taken in",
            UploadState.DONE: "Taken in",
        },
        of=UploadState,
    ),
    Names(
        "notice-state",
        {
            NoticeState.QUEUED: "In the queue",
            NoticeState.SENDING: "Being sent",
            NoticeState.SENT: "Sent",
            NoticeState.UNKNOWN: "Unknown whether it arrived",
            NoticeState.FAILED: "Not sent",
        },
        of=NoticeState,
    ),
    Names(
        "standing",
        {
            Standing.IN_TIME: "In time",
            Standing.NEARLY_OVERDUE: "Nearly overdue",
            Standing.OVERDUE: "Overdue",
        },
        of=Standing,
    ),
)
