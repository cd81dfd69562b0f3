"""The lives of an application, an order, a card, a policy, a certificate and a complaint.

Each is one table; ``docs/lives.md`` is drawn from them.

Source: domain.md, "States" and "Rules with teeth", 5 to 7.
"""

from enum import StrEnum, unique
from typing import Any, Final

from cardservice.domain.roles import OFFICE, Role
from cardservice.domain.transitions import Transition, TransitionTable, rows


@unique
class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    DOCUMENTS_NEEDED = "documents-needed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@unique
class ApplicationEvent(StrEnum):
    SUBMIT = "submit"
    ASK_FOR_DOCUMENTS = "ask-for-documents"
    BRING_DOCUMENTS = "bring-documents"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


_A, _AE = ApplicationState, ApplicationEvent
_EITHER_SIDE: Final = OFFICE | {Role.APPLICANT}
_DECIDING: Final = frozenset({Role.APPROVER})

APPLICATION: Final = TransitionTable(
    life="application",
    states=ApplicationState,
    events=ApplicationEvent,
    initial=_A.DRAFT,
    final=frozenset({_A.APPROVED, _A.REFUSED, _A.WITHDRAWN}),
    rows=(
        Transition(_A.DRAFT, _AE.SUBMIT, _A.SUBMITTED, _EITHER_SIDE | {Role.EMPLOYER}),
        Transition(
            *(_A.SUBMITTED, _AE.ASK_FOR_DOCUMENTS, _A.DOCUMENTS_NEEDED, OFFICE), ground=True
        ),
        Transition(_A.DOCUMENTS_NEEDED, _AE.BRING_DOCUMENTS, _A.SUBMITTED, _EITHER_SIDE),
        Transition(_A.SUBMITTED, _AE.APPROVE, _A.APPROVED, _DECIDING),
        *rows((_A.SUBMITTED, _A.DOCUMENTS_NEEDED), _AE.REFUSE, _A.REFUSED, _DECIDING, ground=True),
        *rows(
            (_A.DRAFT, _A.SUBMITTED, _A.DOCUMENTS_NEEDED), _AE.WITHDRAW, _A.WITHDRAWN, _EITHER_SIDE
        ),
        Transition(_A.DRAFT, _AE.LAPSE, _A.WITHDRAWN, frozenset({Role.SERVICE})),
    ),
)


@unique
class OrderState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    PERSONALIZED = "personalized"
    IN_DELIVERY = "in-delivery"
    ARRIVED = "arrived"
    HANDED_OVER = "handed-over"
    SPOILED = "spoiled"
    CANCELLED = "cancelled"


@unique
class OrderEvent(StrEnum):
    LEASE = "lease"
    GIVE_BACK = "give-back"  # the lease ended, or the station cannot make it now
    PERSONALIZE = "personalize"
    UPDATE = "update"  # the insurer record was written to the card that the holder has
    SERVE = "serve"  # other work was done on the card that the holder has
    SPOIL = "spoil"
    QUEUE_AGAIN = "queue-again"
    DISPATCH = "dispatch"
    ARRIVE = "arrive"
    HAND_OVER = "hand-over"
    CANCEL = "cancel"


_O, _OE = OrderState, OrderEvent
_MAKING: Final = frozenset({Role.STATION, Role.SERVICE})
_HANDING: Final = OFFICE | {Role.COURIER}
_ON_THE_WAY: Final = (_O.PERSONALIZED, _O.IN_DELIVERY, _O.ARRIVED)

ORDER: Final = TransitionTable(
    life="order",
    states=OrderState,
    events=OrderEvent,
    initial=_O.QUEUED,
    final=frozenset({_O.HANDED_OVER, _O.CANCELLED}),
    rows=(
        Transition(_O.QUEUED, _OE.LEASE, _O.LEASED, frozenset({Role.STATION})),
        Transition(_O.LEASED, _OE.GIVE_BACK, _O.QUEUED, _MAKING),
        Transition(_O.LEASED, _OE.PERSONALIZE, _O.PERSONALIZED, frozenset({Role.STATION})),
        Transition(_O.LEASED, _OE.UPDATE, _O.HANDED_OVER, frozenset({Role.STATION})),
        Transition(_O.LEASED, _OE.SERVE, _O.HANDED_OVER, frozenset({Role.STATION})),
        Transition(_O.LEASED, _OE.SPOIL, _O.SPOILED, frozenset({Role.STATION}), ground=True),
        *rows(_ON_THE_WAY, _OE.SPOIL, _O.SPOILED, OFFICE | {Role.STATION}, ground=True),
        Transition(_O.SPOILED, _OE.QUEUE_AGAIN, _O.QUEUED, OFFICE | _MAKING),
        Transition(_O.PERSONALIZED, _OE.DISPATCH, _O.IN_DELIVERY, OFFICE | {Role.STATION}),
        Transition(_O.IN_DELIVERY, _OE.ARRIVE, _O.ARRIVED, _HANDING),
        Transition(_O.ARRIVED, _OE.HAND_OVER, _O.HANDED_OVER, _HANDING),
        # A leased order is a station's: it is given back before it can be cancelled.
        *rows(
            *((_O.QUEUED, _O.SPOILED, *_ON_THE_WAY), _OE.CANCEL, _O.CANCELLED),
            OFFICE | {Role.SERVICE},
            ground=True,
        ),
    ),
)


@unique
class CardState(StrEnum):
    BLANK = "blank"
    PERSONALIZED = "personalized"  # suspended on the status list until hand-over
    ACTIVE = "active"
    BLOCKED = "blocked"
    TERMINATED = "terminated"


@unique
class CardEvent(StrEnum):
    PERSONALIZE = "personalize"
    HAND_OVER = "hand-over"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REPORT_LOST = "report-lost"
    REPORT_STOLEN = "report-stolen"
    FIND_DAMAGED = "find-damaged"
    FIND_FAULTY = "find-faulty"
    REPLACE = "replace"  # the new card was handed over
    WITHDRAW = "withdraw"  # its order was cancelled, or its policy closed
    EXPIRE = "expire"


_C, _CE = CardState, CardEvent
_MADE: Final = (_C.PERSONALIZED, _C.ACTIVE, _C.BLOCKED)
_ANYONE_WHO_KNOWS: Final = OFFICE | {Role.APPLICANT, Role.SECURITY_OFFICER}
# Who blocked a card by mistake or by fraud is not the one to make it good again.
_TRUSTED: Final = frozenset({Role.APPROVER, Role.SECURITY_OFFICER})

CARD: Final = TransitionTable(
    life="card",
    states=CardState,
    events=CardEvent,
    initial=_C.BLANK,
    final=frozenset({_C.TERMINATED}),
    rows=(
        Transition(_C.BLANK, _CE.PERSONALIZE, _C.PERSONALIZED, frozenset({Role.STATION})),
        Transition(_C.PERSONALIZED, _CE.HAND_OVER, _C.ACTIVE, _HANDING),
        Transition(_C.ACTIVE, _CE.BLOCK, _C.BLOCKED, _ANYONE_WHO_KNOWS, ground=True),
        # This service unblocks what it blocked with a policy, when the policy goes on.
        Transition(*(_C.BLOCKED, _CE.UNBLOCK, _C.ACTIVE, _TRUSTED | {Role.SERVICE}), ground=True),
        # A card can be lost or stolen on its way too; it stops being valid at once.
        *rows(_MADE, _CE.REPORT_LOST, _C.TERMINATED, _ANYONE_WHO_KNOWS),
        *rows(_MADE, _CE.REPORT_STOLEN, _C.TERMINATED, _ANYONE_WHO_KNOWS),
        *rows((_C.BLANK, *_MADE), _CE.FIND_DAMAGED, _C.TERMINATED, OFFICE | _MAKING),
        *rows((_C.BLANK, *_MADE), _CE.FIND_FAULTY, _C.TERMINATED, OFFICE | _MAKING),
        *rows(_MADE, _CE.REPLACE, _C.TERMINATED, _HANDING),
        *rows(_MADE, _CE.WITHDRAW, _C.TERMINATED, OFFICE | {Role.SERVICE}, ground=True),
        *rows(_MADE, _CE.EXPIRE, _C.TERMINATED, frozenset({Role.SERVICE})),
    ),
)


@unique
class PolicyState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@unique
class PolicyEvent(StrEnum):
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE_FOR_DEATH = "close-for-death"
    CLOSE_FOR_RIGHT_LOST = "close-for-right-lost"
    CLOSE_AS_DUPLICATE = "close-as-duplicate"
    CLOSE_AT_END = "close-at-end"  # its last day is past


_P, _PE = PolicyState, PolicyEvent
_IN_FORCE_OR_NOT: Final = (_P.ACTIVE, _P.SUSPENDED)

POLICY: Final = TransitionTable(
    life="policy",
    states=PolicyState,
    events=PolicyEvent,
    initial=_P.ACTIVE,
    final=frozenset({_P.CLOSED}),
    rows=(
        Transition(_P.ACTIVE, _PE.SUSPEND, _P.SUSPENDED, OFFICE, ground=True),
        Transition(_P.SUSPENDED, _PE.RESUME, _P.ACTIVE, OFFICE, ground=True),
        *rows(_IN_FORCE_OR_NOT, _PE.CLOSE_FOR_DEATH, _P.CLOSED, OFFICE, ground=True),
        *rows(
            *(_IN_FORCE_OR_NOT, _PE.CLOSE_FOR_RIGHT_LOST, _P.CLOSED, OFFICE | {Role.SERVICE}),
            ground=True,
        ),
        *rows(_IN_FORCE_OR_NOT, _PE.CLOSE_AS_DUPLICATE, _P.CLOSED, _DECIDING, ground=True),
        *rows(
            *(_IN_FORCE_OR_NOT, _PE.CLOSE_AT_END, _P.CLOSED, frozenset({Role.SERVICE})),
            ground=True,
        ),
    ),
)


@unique
class CertificateState(StrEnum):
    ISSUED = "issued"
    USED_UP = "used-up"
    EXPIRED = "expired"


@unique
class CertificateEvent(StrEnum):
    USE_UP = "use-up"  # the policy it stood for was handed over, or written to the card held
    EXPIRE = "expire"


_T, _TE = CertificateState, CertificateEvent

CERTIFICATE: Final = TransitionTable(
    life="temporary-certificate",
    states=CertificateState,
    events=CertificateEvent,
    initial=_T.ISSUED,
    final=frozenset({_T.USED_UP, _T.EXPIRED}),
    rows=(
        Transition(_T.ISSUED, _TE.USE_UP, _T.USED_UP, _HANDING | _MAKING),
        Transition(_T.ISSUED, _TE.EXPIRE, _T.EXPIRED, frozenset({Role.SERVICE})),
    ),
)


@unique
class ComplaintState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@unique
class ComplaintEvent(StrEnum):
    ANSWER = "answer"
    WITHDRAW = "withdraw"


_K, _KE = ComplaintState, ComplaintEvent

COMPLAINT: Final = TransitionTable(
    life="complaint",
    states=ComplaintState,
    events=ComplaintEvent,
    initial=_K.RECEIVED,
    final=frozenset({_K.ANSWERED, _K.WITHDRAWN}),
    rows=(
        Transition(_K.RECEIVED, _KE.ANSWER, _K.ANSWERED, OFFICE, ground=True),
        Transition(_K.RECEIVED, _KE.WITHDRAW, _K.WITHDRAWN, _EITHER_SIDE),
    ),
)

LIVES: Final[tuple[TransitionTable[Any, Any], ...]] = (
    *(APPLICATION, ORDER, CARD, POLICY, CERTIFICATE, COMPLAINT),
)
