"""Whether a card is to be believed: ``cardservice`` with the files of a trust folder."""

import json
from datetime import UTC, datetime
from pathlib import Path

from cardservice.domain.numbers import Enp
from cardservice.domain.register import CardStatus, RegisterAnswer
from cardservice.home.issuer import new_ephemeral, new_scalar
from cardservice.pki.trust import TrustStore
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge


class FileRegister:
    """The register of issued cards, as the file that the fund sends every night."""

    def __init__(self, path: Path) -> None:
        """Answer from the file as it is at each question."""
        self._path = path

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer:
        """Return what is known of a policy and of one card."""
        content = json.loads(self._path.read_bytes())
        newest = content["policies"].get(enp)
        return RegisterAnswer(
            newest_record=datetime.fromisoformat(newest) if newest else None,
            trust_layer=newest is not None,
            card=CardStatus(content["cards"].get(str(card_number), "unknown")),
            as_of=datetime.fromisoformat(content["as_of"]),
        )


def open_desk(trust: Path, *, test_cards: bool = False) -> CardExaminer:
    """Return what examines cards; ``test_cards`` are those of a zoo, never to be believed else."""
    store = TrustStore(
        [(trust / "root.der").read_bytes()],
        revocations=[(trust / "revocations.crl").read_bytes()],
        production=not test_cards,
    )
    register = FileRegister(trust / "register.json")
    judge = Judge(store, register=register, clock=lambda: datetime.now(UTC), region="00001")
    return CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar)
