"""A desk: a terminal with a certificate chain, after chip authentication."""

from dataclasses import dataclass

from simulators.card import SoftwareCard
from tests.unit.simulators.card.hosts import (
    OK,
    Chip,
    IsoHost,
    chip_authenticate,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    CVCA,
    DV,
    TERMINAL,
    Content,
    Party,
    certificate,
    in_range,
    personalized,
    plain_signature,
    trust_point,
)


@dataclass
class Desk:
    """A terminal after chip authentication."""

    chip: Chip
    id_picc: bytes = CHIP_POINT[1:33]

    @property
    def host(self) -> IsoHost:
        return self.chip.host

    def set_dst(self, name: bytes) -> int:
        return self.host.send("002281B6", tlv("83", name))[1]

    def verify(self, content: bytes) -> int:
        return self.host.send("002A00BE", content)[1]

    def load(self, issuer: Party, content: bytes) -> int:
        assert self.set_dst(issuer.name) == OK
        return self.verify(content)

    def prove(self, terminal: Party = TERMINAL) -> int:
        assert self.host.send("002281A4", tlv("83", terminal.name))[1] == OK
        challenge, sw = self.host.send("00840000", le=b"\x08")
        assert (len(challenge), sw) == (8, OK)
        return self.host.send("00820000", self.sign(terminal, challenge))[1]

    def sign(self, terminal: Party, challenge: bytes) -> bytes:
        return plain_signature(terminal.key, self.id_picc + challenge + self.chip.ephemeral_x)

    def authenticate(self, terminal: Party = TERMINAL) -> int:
        assert self.load(CVCA, certificate(DV, CVCA)) == OK
        assert self.load(DV, certificate(terminal, DV)) == OK
        return self.prove(terminal)

    def read(self, aid: bytes, sfi: str) -> int:
        assert self.host.send("00A4040C", aid)[1] == OK
        return self.host.send(f"00B0{sfi}00", le=b"\x00")[1]


def card_with_trust_point() -> SoftwareCard:
    return personalized(Content(cvca=trust_point()))


def desk_at(card: SoftwareCard | None = None) -> Desk:
    return Desk(chip_authenticate(in_range(card or card_with_trust_point()), CHIP_POINT))
