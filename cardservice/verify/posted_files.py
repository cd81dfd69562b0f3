"""Files of a card without the card: what can be proved of them is, and never that it is no copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cardservice.policycard.layout import INSURER_LIMIT, CardFile
from cardservice.policycard.security import Group, SignedFiles
from cardservice.verify.examination import Examination
from cardservice.verify.findings import ChipProof
from cardservice.verify.judging import Judge
from cardservice.verify.reading import CardReading

LIMITS: Final[Mapping[str, int]] = {
    "security_object": CardFile.SECURITY_OBJECT.spec.limit,
    "owner": CardFile.OWNER.spec.limit,
    "insurer": INSURER_LIMIT,
    "card_id": CardFile.CARD_ID.spec.limit,
    "iccid": CardFile.ICCID.spec.limit,
    "chip_security": CardFile.CHIP_SECURITY.spec.limit,
    "photo": CardFile.OWNER.spec.limit,
}
"""Name of a file → most octets of it, as on a card."""

OPTIONAL: Final = frozenset({"iccid", "photo"})
"""Files that need not be read; the others are sent, or said not to be on the card."""

_UNREAD_ICCID: Final = frozenset({int(Group.ICCID)})


@dataclass(frozen=True, slots=True)
class PostedFiles:
    """Files as somebody sent them.

    Attributes:
        octets: name of a file → its octets, as read; None: it is not on the card. One that was
            not read is left out.
    """

    octets: Mapping[str, bytes | None] = field(repr=False)


def judge_files(judge: Judge, posted: PostedFiles) -> Examination:
    """Return the verdict on files whose chip nobody asked: never ``valid``, at best undecided.

    Never raises for anything the files hold.
    """
    octets = posted.octets
    files = SignedFiles(
        owner=octets.get("owner"),
        insurer=octets.get("insurer"),
        card_id=octets.get("card_id"),
        iccid=octets.get("iccid"),
        chip_security=octets.get("chip_security"),
        photo=octets.get("photo"),
        unread=frozenset() if "iccid" in octets else _UNREAD_ICCID,
    )
    security_object = octets.get("security_object")
    return judge.judge(
        CardReading(chip=ChipProof.NOT_ASKED, security_object=security_object, files=files)
    )
