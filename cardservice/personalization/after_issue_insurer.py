"""A change of insurer: what is written in one STORE DATA, and what the card shows after it.

Source: card.md §3 and §6, "Change of insurer".
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from cardservice.channel.store_data import Dgi
from cardservice.domain.insurance import InsurancePeriod
from cardservice.personalization.after_issue_card import HeldCard
from cardservice.personalization.after_issue_refusals import clock_behind, not_as_ordered
from cardservice.personalization.contents import DGI
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import sign_ef_sod
from cardservice.pki.trust import CLOCK_TOLERANCE
from cardservice.policycard.insurer import InsurerRecord, encode_insurer
from cardservice.policycard.layout import CardFile, encode_pointer, next_insurer_id
from cardservice.policycard.security import Group

_SECOND: Final = timedelta(seconds=1)  # signingTime has no fractions


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerChange:
    """What makes another insurer the current one.

    Attributes:
        signed_at: of the new security object, UTC, whole seconds, later than the old one's.
        groupings: insurer EF, EF.SOD and pointer, for one STORE DATA.
        hashes: as the new security object lists them.
    """

    signed_at: datetime
    groupings: list[Dgi] = field(repr=False)
    hashes: dict[int, bytes] = field(repr=False)


def change_of_insurer(
    held: HeldCard,
    insurance: InsurancePeriod,
    *,
    pointer: int,
    signer: DocumentSigner,
    at: datetime,
) -> InsurerChange:
    """Return the change for a card that proved itself; its other groups stay as they are listed.

    Args:
        held: as it is now.
        insurance: the new insurer's.
        pointer: id of the current insurer EF.
        signer: of the issuing fund.
        at: from ``signing_time_after``.

    Raises:
        UsageError: a period that cannot be written, or ``at`` outside the signer's usage period.
    """
    file_id, record = next_insurer_id(pointer), encode_insurer(InsurerRecord(insurance))
    hashes = {**held.hashes, int(Group.INSURER): sha256(record).digest()}
    security_object = sign_ef_sod(dict(sorted(hashes.items())), signer=signer, at=at)
    groupings: list[Dgi] = [
        (file_id, record),
        (CardFile.SECURITY_OBJECT.spec.file_id, security_object),
        (DGI.POINTER, encode_pointer(file_id)),
    ]
    return InsurerChange(signed_at=at, groupings=groupings, hashes=hashes)


def signing_time_after(old: datetime | None, now: datetime) -> datetime:
    """Return ``now`` in whole seconds, or the first second after ``old``, whichever is later.

    A desk takes the card with the later signing time for the newer one (card.md §3).

    Raises:
        Refusal: ``clock-behind-card``: ``old`` is further ahead than clocks may differ.
    """
    at = now.replace(microsecond=0)
    if old is None:
        return at
    if old - at > CLOCK_TOLERANCE:
        raise clock_behind()
    return max(at, old + _SECOND)


def require_changed(
    shown: HeldCard, before: HeldCard, insurance: InsurancePeriod, change: InsurerChange
) -> None:
    """Return if the card shows the change, and nothing else is other than before.

    Raises:
        Refusal: ``held-card-not-as-ordered``.
    """
    if (shown.chip, shown.number, shown.point) != (before.chip, before.number, before.point):
        raise not_as_ordered("another card")
    if shown.signed_at != change.signed_at or shown.hashes != change.hashes:
        raise not_as_ordered("another security object")
    if shown.examination.insurance != insurance:
        raise not_as_ordered("another insurer")
    if shown.examination.holder != before.examination.holder:
        raise not_as_ordered("another holder")
