"""An issuer that makes nothing: to see what the zoo does with what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.zoo.port import Link

PIN = "4321"


@dataclass
class PretendedIssuer:
    """Selects foms_root and says that the card is made; ``gives`` is what it answers."""

    lost: bool = False
    wishes: list[Mapping[str, Any]] = field(default_factory=list)

    def issue(self, link: Link, wish: Mapping[str, Any]) -> Mapping[str, Any] | None:
        self.wishes.append(wish)
        link.reset()
        link.exchange(bytes.fromhex("00A4040009666F6D735F726F6F74"))
        if self.lost:
            return None
        return {
            "enp": f"00{wish['serial']}",
            "card_number": 2**32 + len(self.wishes),
            "can": "123456",
            "pin": PIN,
            "puk": "87654321",
            "newest_record": "2026-01-01T00:00:00+00:00",
            "status": wish["status"],
        }

    def files(self, wish: Mapping[str, Any]) -> Mapping[str, bytes]:
        return {"owner": wish["surname"].encode(), "insurer": b"\x64\x00"}

    def trust_material(self) -> Mapping[str, bytes]:
        return {"root.der": b"\x30\x00", "terminal/cvca.cvcert": b"\x7f\x21\x00"}
