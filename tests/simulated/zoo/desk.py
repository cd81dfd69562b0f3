"""A desk that knows nothing but the trust folder of a zoo, as a clinic's own software would."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.domain.numbers import Enp
from cardservice.domain.register import CardStatus, RegisterAnswer
from cardservice.home.issuer import new_ephemeral, new_scalar
from cardservice.keystores.software_keys import EcdsaP256Key
from cardservice.pki.cv.certificates import parse_certificate
from cardservice.pki.cv.chains import verify_chain, verify_trust_point
from cardservice.pki.cv.keys import plain_signer
from cardservice.pki.trust import TrustStore
from cardservice.verify.access import Enrolment
from cardservice.verify.examination import Examination
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from simulators.card import Interface
from simulators.reader import Card
from simulators.tray.plastic import Plastic
from simulators.zoo import Judged, Outcome, Way
from tests.chain import link_to

ENROLLED = frozenset({Way.CONTACT_ENROLLED, Way.TAP})
WITH_CAN = frozenset({Way.CONTACT_CAN, Way.TAP_CAN})
IN_RANGE = frozenset({Way.TAP, Way.TAP_CAN, Way.TAP_UNKNOWN})


@dataclass(frozen=True)
class FileRegister:
    """``register.json`` as a register."""

    content: Mapping[str, Any]

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer:
        newest = self.content["policies"].get(enp)
        return RegisterAnswer(
            newest_record=None if newest is None else datetime.fromisoformat(newest),
            trust_layer=newest is not None,
            card=CardStatus(self.content["cards"].get(str(card_number), "unknown")),
            as_of=datetime.fromisoformat(self.content["as_of"]),
        )


def enrolment(folder: Path) -> Enrolment:
    """Return what the terminal shows, from the files of the trust folder."""
    anchor = parse_certificate((folder / "cvca.cvcert").read_bytes())
    files = sorted(folder.glob("[0-9]-*.cvcert"))
    certificates = [parse_certificate(one.read_bytes()) for one in files]
    chain = verify_chain(verify_trust_point(anchor), certificates, on=datetime.now(UTC).date())
    pem = (folder / "terminal-key-INSECURE.pem").read_bytes()
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    presented = TerminalChain(chain.certificates, chain.rights)
    return Enrolment((presented,), plain_signer(EcdsaP256Key(key)))


class Desk:
    """What a clinic makes of the files of a trust folder as they are now."""

    def __init__(self, folder: Path, *, with_register: bool = True) -> None:
        register = FileRegister(json.loads((folder / "register.json").read_bytes()))
        trust = TrustStore(
            [(folder / "root.der").read_bytes()],
            revocations=[(folder / "revocations.crl").read_bytes()],
            production=False,
        )
        self._folder = folder
        self._judge = Judge(
            trust,
            register=register if with_register else None,
            clock=lambda: datetime.now(UTC),
            region="00001",
        )

    def meet(self, card: Plastic, way: Way, *, can: str | None = None) -> Examination:
        """Put the card on the desk that way, and return what comes of it."""
        interface = Interface.CONTACTLESS if way in IN_RANGE else Interface.CONTACT
        examiner = self._examiner(enrolled=way in ENROLLED)
        return examiner.examine(
            link_to(card.at(interface)),
            can=can if way in WITH_CAN else None,
            photo=way is Way.CONTACT_PHOTO,
        )

    def read(self, card: Card) -> Examination:
        """Return what comes of a card on contact."""
        return self._examiner(enrolled=False).examine(link_to(card))

    def _examiner(self, *, enrolled: bool) -> CardExaminer:
        return CardExaminer(
            self._judge,
            new_ephemeral=new_ephemeral,
            new_scalar=new_scalar,
            enrolment=enrolment(self._folder / "terminal") if enrolled else None,
        )


def judged(examination: Examination) -> Judged:
    """Return what the desk came to, in the catalogue's words."""
    verdict = examination.verdict
    if verdict is None:
        assert examination.problem is not None
        return Judged(Outcome.NO_VERDICT, examination.problem.value)
    return Judged(Outcome(verdict.outcome.value), verdict.deciding.reason.value)
