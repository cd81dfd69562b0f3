"""An order for one card, and the part of the card that can be prepared before a chip is there."""

from dataclasses import dataclass, field
from datetime import date

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.policycard.insurer import InsurerRecord, encode_insurer
from cardservice.policycard.layout import FIRST_INSURER_ID
from cardservice.policycard.owner import OwnerRecord, encode_owner
from cardservice.policycard.photo import Photo, encode_photo
from cardservice.policycard.profile import Profile
from cardservice.policycard.security import digest_written


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrder:
    """One card to be made.

    Attributes:
        fund: issuing fund, five digits.
        list_number, list_index: the card's place in the status list, 16 and 32 bits.
        expiry: None for a citizen: the policy is unlimited.
    """

    holder: Holder
    insurance: InsurancePeriod
    fund: str
    list_number: int
    list_index: int
    issue_date: date | None = None
    expiry: date | None = None
    photo: Photo | None = field(default=None, repr=False)
    profile: Profile = Profile.FIELD

    @property
    def card_number(self) -> int:
        """List number and index as one 48-bit integer, as EF.CardID has them."""
        return self.list_number << 32 | self.list_index


@dataclass(frozen=True, slots=True)
class PreparedOrder:
    """An order with all that does not depend on the chip: files and hashes 1, 3 and 5."""

    order: CardOrder
    owner: bytes = field(repr=False)
    insurer: bytes = field(repr=False)
    insurer_id: int = FIRST_INSURER_ID
    hashes: dict[int, bytes] = field(default_factory=dict, repr=False)


def prepare(order: CardOrder) -> PreparedOrder:
    """Return the order with its owner and insurer files encoded and hashed.

    Raises:
        UsageError: a text or a date that cannot be written; rows were checked before.
    """
    owner = encode_owner(
        OwnerRecord(
            holder=order.holder,
            expiry=order.expiry,
            issue_date=order.issue_date,
            photo=order.photo,
        )
    )
    insurer = encode_insurer(InsurerRecord(order.insurance))
    photo = b"" if order.photo is None else encode_photo(order.photo)
    hashes = digest_written(owner=owner, insurer=insurer, photo=photo)
    return PreparedOrder(order, owner, insurer, FIRST_INSURER_ID, hashes)
