"""What is said of a desk's way to its service, and of what it has to tell it."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.offline import OFFLINE
from cardservice.texts.phrases import Phrase

_NETWORK: Final = "Check the computer's network. Cards are judged by what this desk knows."
_TELL: Final = "Tell whoever looks after this desk."
_AGAIN: Final = "Enrol the desk again: ask for a new code where desks are enrolled."
_ITSELF: Final = "Nothing: the desk asks again by itself."

SERVICE: Final[Mapping[str, Phrase]] = {
    "service-unreachable": Phrase("The service cannot be reached.", _NETWORK),
    "service-late": Phrase("The service does not answer in time.", _NETWORK),
    "service-busy": Phrase("The service cannot answer now.", _ITSELF),
    "service-wrong": Phrase("What answers at the service's address is not the service.", _TELL),
    "service-name-wrong": Phrase(
        "The certificate at the service's address is for another address.",
        "Compare the address with the one you were told; if it is right, "
        "tell who runs the service.",
    ),
    "service-certificate-over": Phrase(
        "The certificate at the service's address is over, or has not begun.",
        "Compare the computer's clock with a watch; if it is right, tell who runs the service.",
    ),
    "service-authority-unknown": Phrase(
        "The certificate at the service's address is of an authority that this desk does not know.",
        "Let the desk through to the service untouched, or name the service's authority: "
        "the setting desk_service_ca.",
    ),
    "client-unknown": Phrase(
        "The service does not let this desk in: it was ended, or its clock is wrong.", _AGAIN
    ),
    "desk-ended": Phrase("This desk was ended.", _AGAIN),
    "clinic-left": Phrase("The clinic takes no part in the programme any more.", _TELL),
    "desk-unconfirmed": Phrase(
        "The service does not know the key that vouches for this desk's next one.", _AGAIN
    ),
}

CERTIFICATE: Final[Mapping[str, Phrase]] = {
    "enrolment-expired": Phrase(
        "The certificate that this desk shows to cards has run out; it is being renewed.", _NETWORK
    ),
    "enrolment-early": Phrase(
        "The certificate that this desk shows to cards has not begun.",
        "Compare the computer's clock with a watch, and connect it to the network.",
    ),
    "not-enrolled": Phrase("This desk has no certificate to show to cards.", _AGAIN),
    "bundle-refused": Phrase("The certificate that came is not for this desk.", _TELL),
    "desk-key-unusable": Phrase("A key of this desk cannot be used.", _TELL),
    "home-damaged": Phrase("A file of this desk is damaged.", _AGAIN),
}

QUEUE: Final[Mapping[str, Phrase]] = {
    "queue-full": Phrase(
        "So many presentations wait to be reported that new ones are not kept.", _NETWORK
    ),
    "queue-unwritten": Phrase(
        "Presentations to be reported cannot be written to the disk.",
        "Make room on the disk, and see that the desk's folder is its own.",
    ),
    "queue-damaged": Phrase(
        "Some presentations that waited to be reported are lost: their file was damaged.", _TELL
    ),
    "presentations-refused": Phrase("The service takes no reports of this desk.", _TELL),
}

ENROLMENT: Final[Mapping[str, Phrase]] = {
    "enrolment-code-wrong": Phrase(
        "The code is wrong, used up or over.",
        "Type it again as it was given, or ask for a new one: a code is good once and for a day.",
    ),
    "desk-name-taken": Phrase(
        "Another desk of the clinic has the name that this code is for.",
        "Ask for a code under another name.",
    ),
}

FAILED: Final = Phrase("Something went wrong at this desk.", _TELL)

DESK_TROUBLES: Final[Mapping[str, Phrase]] = {
    **OFFLINE,
    **SERVICE,
    **CERTIFICATE,
    **QUEUE,
    **ENROLMENT,
}
"""By the code: what a page and a command say of a desk that is not all well."""


def trouble_phrase(code: str) -> Phrase:
    """Return what is said of a trouble; of a code that nobody here knows, that there is one."""
    return DESK_TROUBLES.get(code, FAILED)
