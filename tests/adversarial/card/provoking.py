"""Ways to bring a card to a status word: in the clear, under SCP03, after PACE, event by event."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.card import CountedClock, SoftwareCard
from simulators.card.protocol_events import Event
from tests.adversarial.card.stage import Stage
from tests.adversarial.card.terminal import Plain as Interindustry
from tests.unit.simulators.card.desks import card_with_trust_point
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, PaceHost, StaticKeys, send
from tests.unit.simulators.card.issuing import (
    ISSUER,
    TRANSPORT,
    Content,
    Drawn,
    in_range,
    issuer_keys_in,
    new_blank,
    open_session,
    personalized,
)


@dataclass(frozen=True)
class Plain:
    """Commands in the clear to a card; the SW of the last one counts."""

    card: Callable[[], SoftwareCard]
    commands: tuple[bytes, ...]

    def sw(self) -> int:
        card = self.card()
        return [send(card, command)[1] for command in self.commands][-1]


@dataclass(frozen=True)
class Issued:
    """Commands in an SCP03 session; the SW of the last one counts."""

    card: Callable[[], SoftwareCard]
    keys: StaticKeys
    commands: tuple[tuple[str, bytes], ...]

    def sw(self) -> int:
        host = open_session(self.card(), self.keys)
        return [host.send(header, data)[1] for header, data in self.commands][-1]


@dataclass(frozen=True)
class Played:
    """Events of the state table, each as right as the terminal can make it."""

    events: tuple[Event, ...]
    is_in_range: bool = False

    def sw(self) -> int:
        card = card_with_trust_point()
        return Stage(in_range(card) if self.is_in_range else card).perform(*self.events)


@dataclass(frozen=True)
class Protected:
    """One command after PACE, protected; ``le`` is the content of DO 97."""

    header: str
    data: bytes = b""
    le: bytes = b""

    def sw(self) -> int:
        host = PaceHost(personalized()).run()
        host.send("00A4040C", FOMS_ROOT)
        return host.send(self.header, self.data, self.le)[1]


@dataclass(frozen=True)
class OverlongChain:
    """Parts of a certificate that come to more octets than a card takes, 2,048."""

    def sw(self) -> int:
        stage = Stage(card_with_trust_point())
        stage.perform(Event.MSE_CA, Event.CA_POINT, Event.MSE_DST_CVCA)
        parts = [Interindustry("102A00BE", bytes(1025)), Interindustry("002A00BE", bytes(1024))]
        return [stage.terminal.exchange(part, stage.state)[1] for part in parts][-1]


Provoked = OverlongChain | Plain | Issued | Played | Protected


def plain(*commands: bytes) -> Plain:
    """In the clear, on contact."""
    return Plain(personalized, commands)


def contactless(*commands: bytes) -> Plain:
    """In the clear, over the air."""
    return Plain(lambda: in_range(personalized()), commands)


def blank(*commands: bytes) -> Plain:
    """In the clear, to a blank card."""
    return Plain(new_blank, commands)


def _after(set_status: str, *commands: bytes) -> Plain:
    def card() -> SoftwareCard:
        card = personalized()
        assert open_session(card).send(set_status)[1] == OK
        return SoftwareCard(card.memory, entropy=Drawn(), clock=CountedClock())

    return Plain(card, commands)


def blocked(*commands: bytes) -> Plain:
    """In the clear, to a blocked card."""
    return _after("84F04083", *commands)


def terminated(*commands: bytes) -> Plain:
    """In the clear, to a terminated card."""
    return _after("84F040FF", *commands)


def issued(*commands: tuple[str, bytes]) -> Issued:
    """By the issuer, to a personalized card."""
    return Issued(personalized, ISSUER, commands)


def _blank_with_issuer_keys() -> SoftwareCard:
    card = new_blank()
    issuer_keys_in(card)
    return card


def making(*commands: tuple[str, bytes]) -> Issued:
    """By the issuer, to a blank card that has its keys."""
    return Issued(_blank_with_issuer_keys, ISSUER, commands)


def transported(*commands: tuple[str, bytes]) -> Issued:
    """Under the transport keys, to a blank card."""
    return Issued(new_blank, TRANSPORT, commands)


def private(*commands: bytes) -> Plain:
    """In the clear, to a card of the profile private."""
    return Plain(lambda: personalized(Content(profile=3)), commands)


def without_card_access(*commands: bytes) -> Plain:
    """In the clear, to a card that has no PACE."""
    return Plain(lambda: personalized(Content(card_access=None)), commands)


def played(*events: Event) -> Played:
    """Event by event, on contact."""
    return Played(events)
