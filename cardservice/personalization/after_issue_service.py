"""One job with the card that lies in a reader: what every work after issue has in hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cardservice.domain.insurance import InsurancePeriod
from cardservice.personalization.after_issue_card import HeldCard
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.after_issue_visit import Visit
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.journal_service import ServiceTurn
from cardservice.personalization.ports import Clock, Entropy
from cardservice.pki.document_signer import DocumentSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One job with the card that lies in the reader.

    Attributes:
        insurance: of a change of insurer.
        typed: by the holder.
        preflight: raises Refusal when what is signed now would not be trusted.
    """

    visit: Visit
    turn: ServiceTurn
    insurance: InsurancePeriod | None = field(repr=False)
    typed: HolderInput
    signer: DocumentSigner
    entropy: Entropy
    clock: Clock
    preflight: Callable[[], None]

    def the_card(self) -> HeldCard:
        """Return the order's card, proved, and no other lane's; Raises: Refusal."""
        held = self.visit.expect(self.turn.number)
        self.turn.meet(held.chip)
        return held


Serve = Callable[[Service], HolderSecrets | None]
"""Does one work; returns what goes into a letter."""
