"""What can be done with a thing: the words on buttons."""

from typing import Final

from cardservice.domain.lives import (
    ApplicationEvent,
    CardEvent,
    CertificateEvent,
    ComplaintEvent,
    OrderEvent,
    PolicyEvent,
)
from cardservice.texts.office.names import Names

EVENTS: Final = (
    Names(
        "application-event",
        {
            ApplicationEvent.SUBMIT: "Submit",
            ApplicationEvent.ASK_FOR_DOCUMENTS: "Ask for documents",
            ApplicationEvent.BRING_DOCUMENTS: "Documents brought",
            ApplicationEvent.APPROVE: "Approve",
            ApplicationEvent.REFUSE: "Refuse",
            ApplicationEvent.WITHDRAW: "Withdraw",
            ApplicationEvent.LAPSE: "Left lying",
        },
        of=ApplicationEvent,
    ),
    Names(
        "order-event",
        {
            OrderEvent.LEASE: "Take to make",
            OrderEvent.GIVE_BACK: "Give back to the queue",
            OrderEvent.PERSONALIZE: "Made",
            OrderEvent.UPDATE: "Insurer written to the card",
            OrderEvent.SERVE: "Done on the card",
            OrderEvent.SPOIL: "Spoiled",
            OrderEvent.QUEUE_AGAIN: "Make again",
            OrderEvent.DISPATCH: "Send out",
            OrderEvent.ARRIVE: "Arrived",
            OrderEvent.HAND_OVER: "Hand over",
            OrderEvent.CANCEL: "Cancel",
        },
        of=OrderEvent,
    ),
    Names(
        "card-event",
        {
            CardEvent.PERSONALIZE: "Made",
            CardEvent.HAND_OVER: "Hand over",
            CardEvent.BLOCK: "Block",
            CardEvent.UNBLOCK: "Unblock",
            CardEvent.REPORT_LOST: "Report as lost",
            CardEvent.REPORT_STOLEN: "Report as stolen",
            CardEvent.FIND_DAMAGED: "Record as damaged",
            CardEvent.FIND_FAULTY: "Record as faulty",
            CardEvent.REPLACE: "Replaced by a new one",
            CardEvent.WITHDRAW: "Not to be handed over",
            CardEvent.EXPIRE: "Term ended",
        },
        of=CardEvent,
    ),
    Names(
        "policy-event",
        {
            PolicyEvent.SUSPEND: "Suspend",
            PolicyEvent.RESUME: "Resume",
            PolicyEvent.CLOSE_FOR_DEATH: "Close: death",
            PolicyEvent.CLOSE_FOR_RIGHT_LOST: "Close: no right any more",
            PolicyEvent.CLOSE_AS_DUPLICATE: "Close: duplicate",
            PolicyEvent.CLOSE_AT_END: "Term ended",
        },
        of=PolicyEvent,
    ),
    Names(
        "certificate-event",
        {
            CertificateEvent.USE_UP: "Replaced by the policy",
            CertificateEvent.EXPIRE: "Term ended",
        },
        of=CertificateEvent,
    ),
    Names(
        "complaint-event",
        {
            ComplaintEvent.ANSWER: "Answer",
            ComplaintEvent.WITHDRAW: "Withdraw",
        },
        of=ComplaintEvent,
    ),
)
