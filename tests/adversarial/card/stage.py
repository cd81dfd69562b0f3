"""A card on a stage: frozen and thawed between two commands, and its session told as facts.

Freezing makes it cheap to try thousands of wrong commands in one and the same state: a PACE run
is computed once, not once for every octet that is changed.
"""

from copy import copy, deepcopy
from dataclasses import dataclass, field

from simulators.card import Interface, SoftwareCard
from simulators.card.chip_authentication import ChipAuthenticationSelected
from simulators.card.cv_certificate import Role
from simulators.card.files import Directory
from simulators.card.iso_channel import IsoChannel
from simulators.card.pace_run import PaceRun
from simulators.card.protocol_events import Event, Fact, State
from simulators.card.scp03_channel import Scp03Channel
from simulators.card.scp03_opening import Scp03Challenge
from simulators.card.session import Session
from simulators.card.storing import StoredBlocks
from simulators.card.terminal_authentication import CertificateChain, TerminalAuthentication
from tests.adversarial.card.terminal import Terminal

_RUNS = {
    Scp03Challenge: Fact.SCP03_INITIALISED,
    ChipAuthenticationSelected: Fact.CA_SET,
    StoredBlocks: Fact.STORING,
    CertificateChain: Fact.CHAINING,
}
_PACE_STEPS = (Fact.PACE_SET, Fact.PACE_NONCE, Fact.PACE_MAPPED, Fact.PACE_AGREED)
_DST = {Role.CVCA: Fact.DST_CVCA, Role.DOMESTIC_DV: Fact.DST_DV}


def facts_of(card: SoftwareCard) -> State:
    """Return what holds in the card's session, read from the card itself."""
    chip = card._chip
    session = chip.session
    return frozenset(
        fact
        for fact, holds in {
            Fact.IN_RANGE: chip.interface is Interface.CONTACTLESS,
            Fact.ROOT_CURRENT: session.current_df is Directory.FOMS_ROOT,
            Fact.SCP03: isinstance(session.channel, Scp03Channel),
            Fact.ISO: isinstance(session.channel, IsoChannel),
            Fact.PACE_RIGHTS: session.pace_rights != 0,
            Fact.CHIP_AUTHENTICATED: session.terminal is not None,
            Fact.PIN_VERIFIED: session.pin_verified,
            Fact.CHALLENGE: session.challenge is not None,
        }.items()
        if holds
    ).union(_run_of(session), _terminal_facts(session.terminal))


def _run_of(session: Session) -> State:
    pending = session.pending
    if pending is None:
        return frozenset()
    if isinstance(pending, PaceRun):
        return frozenset([_PACE_STEPS[pending.step]])
    return frozenset([_RUNS[type(pending)]])


def _terminal_facts(terminal: TerminalAuthentication | None) -> State:
    if terminal is None:
        return frozenset()
    key = terminal.verification_key
    facts = {
        Fact.DV_IMPORTED: terminal.dv is not None,
        Fact.TERMINAL_IMPORTED: terminal.imported is not None,
        Fact.AT_SET: terminal.selected is not None,
        Fact.AUTHENTICATED: terminal.authenticated,
    }
    chosen = [_DST[key.role]] if key else []
    return frozenset(fact for fact, holds in facts.items() if holds).union(chosen)


@dataclass(frozen=True)
class Moment:
    """The card's session and memory, and what the terminal knows, between two commands."""

    session: Session
    cells: dict[str, bytes] = field(repr=False)
    terminal: Terminal


class Stage:
    """One card and the terminal that talks to it."""

    def __init__(self, card: SoftwareCard) -> None:
        self.card = card
        self.terminal = Terminal(card)

    @property
    def state(self) -> State:
        return facts_of(self.card)

    def perform(self, *events: Event) -> int:
        """Let the terminal make these events one after the other; return the last SW."""
        return [self.terminal.perform(event, self.state) for event in events][-1]

    def freeze(self) -> Moment:
        """Return this moment; card and terminal may go on."""
        session = _copy_of(self.card._chip.session)
        return Moment(session, self.card.memory.cells(), self.terminal.duplicate())

    def thaw(self, moment: Moment) -> None:
        """Put card and terminal back into that moment, as often as one likes."""
        self.card._chip.session = _copy_of(moment.session)
        self.card.memory._cells = dict(moment.cells)
        self.terminal = moment.terminal.duplicate()


def _copy_of(session: Session) -> Session:
    """Copy what commands change in place; all else in a session is replaced, never changed."""
    twin = copy(session)
    twin.channel = copy(session.channel)
    twin.terminal = copy(session.terminal)
    pending = session.pending
    if isinstance(pending, Scp03Challenge | StoredBlocks):
        twin.pending = deepcopy(pending)
    elif isinstance(pending, PaceRun):
        twin.pending = copy(pending)
    return twin
