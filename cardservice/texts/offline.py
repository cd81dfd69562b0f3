"""What is said when a desk does not believe what it was told about time, trust or cards."""

from collections.abc import Mapping
from typing import Final

from cardservice.desk.freshness import LIST_MISSING, TIME_NOT_PROVED, TRUST_MISSING
from cardservice.desk.kept import FILE_DAMAGED, FILE_UNWRITTEN
from cardservice.desk.signed_time import TimeFault
from cardservice.desk.trust_bundle import TrustFault
from cardservice.pki.status_list import StatusListFault
from cardservice.texts.phrases import Phrase

TELL: Final = "Tell whoever looks after this desk. What it knew before is kept until it is too old."
WAIT: Final = "Nothing: the desk asks again by itself."
CLOCK: Final = "Compare the computer's clock with a watch, and connect it to the network."
ENROL: Final = "Enrol the desk again if it lasts; what it knew before is kept until it is too old."
LEAVE: Final = (
    "If it lasts, tell who runs the service. If the desk was told a time in the future, only a new "
    "enrolment helps: cardservice desk leave, then cardservice desk enrol with a new code."
)

LISTS: Final[Mapping[StatusListFault, Phrase]] = {
    StatusListFault.MALFORMED: Phrase("What came as a status list is none.", TELL),
    StatusListFault.TOO_LONG: Phrase("The status list is longer than it may be.", TELL),
    StatusListFault.SIGNER_REFUSED: Phrase(
        "The status list is signed by somebody who may not sign it.", TELL
    ),
    StatusListFault.SIGNER_UNDECIDED: Phrase(
        "Whether the status list's signer may be trusted cannot be said now.", WAIT
    ),
    StatusListFault.ALTERED: Phrase("The status list was altered after it was signed.", TELL),
    StatusListFault.OTHER_LIST: Phrase("Another status list came than the one asked for.", TELL),
    StatusListFault.NOT_YET: Phrase("The status list is of a time that is to come.", CLOCK),
    StatusListFault.EXPIRED: Phrase("The status list has expired.", WAIT),
    StatusListFault.OLDER: Phrase("The status list is older than the one this desk has.", TELL),
    StatusListFault.OTHER_WIDTH: Phrase("The status list is not one of cards.", TELL),
    StatusListFault.NO_SUCH_PLACE: Phrase("The status list has no place for this card.", TELL),
}

TRUST: Final[Mapping[TrustFault, Phrase]] = {
    TrustFault.MALFORMED: Phrase("What came as list of authorities is none.", TELL),
    TrustFault.TOO_LONG: Phrase("The list of authorities is longer than it may be.", TELL),
    TrustFault.SIGNER_REFUSED: Phrase(
        "The list of authorities is signed by somebody who may not sign it.", TELL
    ),
    TrustFault.SIGNER_UNDECIDED: Phrase(
        "Whether the signer of the list of authorities may be trusted cannot be said now.", ENROL
    ),
    TrustFault.ALTERED: Phrase("The list of authorities was altered after it was signed.", TELL),
    TrustFault.NOT_YET: Phrase("The list of authorities is of a time that is to come.", CLOCK),
    TrustFault.EXPIRED: Phrase("The list of authorities has expired.", WAIT),
    TrustFault.OLDER: Phrase("The list of authorities is older than the one this desk has.", TELL),
    TrustFault.NOT_LINKED: Phrase(
        "A new root came that no root of this desk has vouched for; it was not taken.", TELL
    ),
    TrustFault.REVOCATIONS_REFUSED: Phrase(
        "A revocation list came that none of this desk's authorities has signed.", TELL
    ),
    TrustFault.REVOCATIONS_OLDER: Phrase(
        "A revocation list came that is older than the one this desk has.", TELL
    ),
}

TIME: Final[Mapping[TimeFault, Phrase]] = {
    TimeFault.MALFORMED: Phrase("What came as signed time is none.", TELL),
    TimeFault.SIGNER_REFUSED: Phrase("The time is signed by somebody who may not sign it.", TELL),
    TimeFault.SIGNER_UNDECIDED: Phrase(
        "Whether the signer of the time may be trusted cannot be said now.", ENROL
    ),
    TimeFault.ALTERED: Phrase("The time was altered after it was signed.", TELL),
    TimeFault.OTHER_QUESTION: Phrase("The signed time answers another question.", TELL),
    TimeFault.WENT_BACK: Phrase("The signed time is before a time that has passed.", LEAVE),
    TimeFault.TOO_LATE: Phrase("The signed time came too late to be used.", WAIT),
}

KEPT: Final[Mapping[str, Phrase]] = {
    FILE_DAMAGED: Phrase("A file that this desk kept is damaged; it was left aside.", WAIT),
    FILE_UNWRITTEN: Phrase(
        "This desk cannot write to its folder: what it learns is lost when it stops.",
        "Make room on the disk, and see that the desk's folder is its own.",
    ),
    LIST_MISSING: Phrase("This desk has no status list yet.", WAIT),
    TRUST_MISSING: Phrase("This desk has no list of authorities yet.", WAIT),
    TIME_NOT_PROVED: Phrase("The time of this desk is only that of the computer's clock.", CLOCK),
}

OFFLINE: Final[Mapping[str, Phrase]] = {
    **{one.value: said for one, said in LISTS.items()},
    **{one.value: said for one, said in TRUST.items()},
    **{one.value: said for one, said in TIME.items()},
    **KEPT,
}
"""By the code: what a page says of a fault in what a desk keeps fresh."""
