"""The card's protocols as a written state machine: one table of rows over facts and events.

This is the model that the card is held to, not the code that runs: tests walk every state with
every event on the real card and on the table, and both must agree. ``docs/card-states.md`` is
written from it. A state is a set of facts; an event is one command, right or wrong in one way; the
first row that fits gives the status word and the facts afterwards.

It is told for a personalized card of profile ``field`` with EF.CardAccess and a trust point; a
blocked or terminated card runs no protocol but SCP03. A reset leads to ``AFTER_RESET``. Sessions
under the transport keys and the rights of files are not in it (card.md §5 table, §6).
Source: card.md §5 to §7.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from simulators.card.protocol_events import (
    AFTER_RESET,
    OF_TERMINAL,
    RUNS,
    SESSION,
    Event,
    Events,
    Fact,
    State,
)
from simulators.card.status import SW


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: for these events, when all of ``when`` hold and none of ``unless``."""

    events: Events
    sw: int
    clause: str
    when: State = frozenset()
    unless: State = frozenset()
    adds: State = frozenset()
    drops: State = frozenset()

    def fits(self, state: State, event: Event) -> bool:
        """Return whether this row decides on the event in this state."""
        return event in self.events and self.when <= state and not self.unless & state


def _facts(*facts: Fact) -> State:
    return frozenset(facts)


def _row(  # noqa: PLR0913 - the columns of the table
    events: Event | Iterable[Event],
    sw: int,
    clause: str,
    *,
    when: Fact | State = frozenset(),
    unless: Fact | State = frozenset(),
    adds: Fact | State = frozenset(),
    drops: Fact | State = frozenset(),
) -> Row:
    several = frozenset([events] if isinstance(events, Event) else events)
    when, unless, adds, drops = (
        frozenset([one]) if isinstance(one, Fact) else one for one in (when, unless, adds, drops)
    )
    return Row(several, sw, clause, when, unless, adds, drops)


_OK, _STATE, _WRONG, _DATA = (
    SW.SUCCESS,
    SW.CONDITIONS_NOT_SATISFIED,
    SW.AUTHENTICATION_FAILED,
    SW.WRONG_DATA,
)
_SECURITY, _REFERENCE = SW.SECURITY_NOT_SATISFIED, SW.REFERENCE_NOT_FOUND
_TWO_TRIES, _THREE_TRIES = 0x63C2, 0x63C3

_E, _F = Event, Fact
_INITIALIZE = (_E.INITIALIZE_UPDATE, _E.INITIALIZE_UPDATE_UNKNOWN)
_HOST = (_E.HOST_PROOF, _E.HOST_WRONG_MAC, _E.HOST_WRONG_CRYPTOGRAM, _E.HOST_OTHER_LEVEL)
_ISSUER = (_E.ISSUER_GET_DATA, _E.GENERATE)
_STORE_START, _STORE_ON = (_E.STORE_WHOLE, _E.STORE_FIRST), (_E.STORE_NEXT, _E.STORE_LAST)
_STORE = _STORE_START + _STORE_ON
_GA_MARKED = (
    _E.NONCE,
    _E.MAP,
    _E.MAP_BAD_POINT,
    _E.AGREE,
    _E.AGREE_BAD_POINT,
    _E.TOKEN_MARKED,
    _E.UNKNOWN_OBJECT,
    _E.CA_MARKED,
)
_GA_LAST = (_E.NONCE_UNMARKED, _E.TOKEN, _E.TOKEN_WRONG, _E.CA_POINT, _E.CA_BAD_POINT)
_GA = _GA_MARKED + _GA_LAST
_MSE_PACE = (_E.MSE_PACE, _E.MSE_PACE_UNKNOWN_OID, _E.MSE_PACE_OTHER_REFERENCE)
_MSE_CA = (_E.MSE_CA, _E.MSE_CA_UNKNOWN_OID, _E.MSE_CA_KEY_ID)
_DST = (_E.MSE_DST_CVCA, _E.MSE_DST_DV, _E.MSE_DST_UNKNOWN)
_PSO_WHOLE = (
    _E.PSO_DV,
    _E.PSO_TERMINAL,
    _E.PSO_LINK,
    _E.PSO_WRONG_SIGNATURE,
    _E.PSO_MALFORMED,
)
_PSO = (*_PSO_WHOLE, _E.PSO_FIRST_PART, _E.PSO_LAST_PART)
_AT = (_E.MSE_AT, _E.MSE_AT_UNKNOWN)
_CHALLENGE = (_E.GET_CHALLENGE, _E.GET_CHALLENGE_WRONG_LE)
_PROOF = (_E.TERMINAL_PROOF, _E.TERMINAL_WRONG_PROOF)
_CODES = (
    _E.VERIFY,
    _E.VERIFY_WRONG,
    _E.VERIFY_MALFORMED,
    _E.VERIFY_EMPTY,
    _E.CHANGE,
    _E.RESET_PIN,
)
_BROKEN_FRAMES = (_E.PLAIN, _E.WRONG_MAC, _E.NO_MAC, _E.WRONG_C_MAC)
_INTERINDUSTRY = (
    *(_E.GET_DATA, _E.UNKNOWN_INS, _E.CHAINED_OTHER, _E.TERMINAL_SHORT_PROOF),
    *chain(_MSE_PACE, _GA, _MSE_CA, _DST, _PSO, _AT, _CHALLENGE, _PROOF, _CODES),
)
_NOT_OF_THE_CHAIN = (
    *(_E.SELECT, _E.GET_DATA, _E.TERMINAL_SHORT_PROOF),
    *chain(_STORE, _MSE_PACE, _GA, _MSE_CA, _DST, _AT, _CHALLENGE, _PROOF, _CODES),
)

_SM, _PACE, _CA = "§5 Secure messaging", "§5 PACE", "§5 Chip authentication"
_TA, _SCP03, _DATA_STEP = "§5 Terminal authentication", "§6 SCP03 session", "§6 STORE DATA"
_ORDER, _CHAIN, _CARD_CODES = "§7 order of checks", "§7 Chaining", "§7 VERIFY"

FRAME_ROWS = (
    _row(_E.NO_COMMAND, SW.WRONG_LENGTH, _SM, when=_F.ISO, drops=SESSION),
    _row(_E.NO_COMMAND, SW.WRONG_LENGTH, _SCP03, when=_F.SCP03, drops=SESSION),
    _row(_E.NO_COMMAND, SW.WRONG_LENGTH, _ORDER),
    _row(
        (_E.PLAIN, _E.NO_MAC, _E.WRONG_C_MAC, *_INITIALIZE, *_HOST, *_ISSUER),
        SW.SM_OBJECTS_MISSING,
        _SM,
        when=_F.ISO,
        drops=SESSION,
    ),
    _row(_E.WRONG_MAC, SW.SM_OBJECTS_INCORRECT, _SM, when=_F.ISO, drops=SESSION),
    _row(
        (*_BROKEN_FRAMES, _E.HOST_WRONG_MAC, *_INTERINDUSTRY),
        _SECURITY,
        _SCP03,
        when=_F.SCP03,
        drops=SESSION,
    ),
    _row((_E.WRONG_MAC, _E.NO_MAC), _STATE, _SM),
    _row(_E.WRONG_C_MAC, _STATE, _SCP03),
    _row(_NOT_OF_THE_CHAIN, SW.LAST_COMMAND_OF_CHAIN_EXPECTED, _CHAIN, when=_F.CHAINING),
    _row(_E.CHAINED_OTHER, SW.CHAINING_NOT_SUPPORTED, _CHAIN),
    _row(_E.UNKNOWN_INS, SW.INS_NOT_SUPPORTED, _ORDER),
    _row((_E.PLAIN, _E.GET_DATA), _OK, "§7 GET DATA"),
    _row(_E.SELECT, _OK, _SCP03, when=_F.SCP03, adds=_F.ROOT_CURRENT, drops=SESSION),
    _row(_E.SELECT, _OK, "§7 SELECT", adds=_F.ROOT_CURRENT),
)
"""What is judged before any protocol: form, protection, chain."""

SCP03_ROWS = (
    _row(_INITIALIZE, _STATE, "§6 contact only", when=_F.IN_RANGE),
    _row(_INITIALIZE, _STATE, "§6 foms_root current", unless=_F.ROOT_CURRENT),
    _row(_E.INITIALIZE_UPDATE_UNKNOWN, _REFERENCE, _SCP03, when=_F.SCP03, drops=SESSION),
    _row(_E.INITIALIZE_UPDATE_UNKNOWN, _REFERENCE, "§6 key version"),
    _row(
        _E.INITIALIZE_UPDATE,
        _OK,
        "§6 `80 50` restarts",
        when=_F.SCP03,
        adds=_F.SCP03_INITIALISED,
        drops=SESSION,
    ),
    _row(_E.INITIALIZE_UPDATE, _OK, "§6 open", adds=_F.SCP03_INITIALISED),
    _row(_HOST, _STATE, "§6 new INITIALIZE UPDATE needed", unless=_F.SCP03_INITIALISED),
    _row(_E.HOST_WRONG_MAC, _SECURITY, "§6 EXTERNAL AUTHENTICATE"),
    _row(_E.HOST_OTHER_LEVEL, SW.WRONG_P1_P2, "§6 level 33 only"),
    _row(_E.HOST_WRONG_CRYPTOGRAM, _WRONG, "§6 EXTERNAL AUTHENTICATE"),
    _row(_E.HOST_PROOF, _OK, "§6 open", adds=_F.SCP03, drops=SESSION),
    _row(
        (*_ISSUER, *_STORE), _STATE, "§6 without an SCP03 session", unless=_facts(_F.SCP03, _F.ISO)
    ),
    _row(_E.GENERATE, _STATE, "§6 chip key, only while blank"),
    _row(_E.ISSUER_GET_DATA, _OK, "§7 GET DATA"),
    _row(_STORE, _SECURITY, "§5 write insurer: bit 2", when=_F.ISO, unless=_F.AUTHENTICATED),
    _row(_STORE, _SECURITY, "§5 write insurer: PIN", when=_F.ISO, unless=_F.PIN_VERIFIED),
    _row(_STORE_START, SW.WRONG_P1_P2, _DATA_STEP, when=_F.STORING),
    _row(_STORE_ON, SW.WRONG_P1_P2, _DATA_STEP, unless=_F.STORING),
    _row((_E.STORE_FIRST, _E.STORE_NEXT), _OK, _DATA_STEP, adds=_F.STORING),
    _row((_E.STORE_WHOLE, _E.STORE_LAST), _OK, _DATA_STEP),
)
"""SCP03, and STORE DATA over either channel."""

PACE_ROWS = (
    _row(_MSE_PACE, _STATE, "§5 PACE: in a session", when=_F.ISO),
    _row(_E.MSE_PACE_UNKNOWN_OID, _DATA, _PACE),
    _row(_E.MSE_PACE_OTHER_REFERENCE, _REFERENCE, _PACE),
    _row(_E.MSE_PACE, _OK, _PACE, adds=_F.PACE_SET),
    *(
        _row(_GA_LAST, SW.LAST_COMMAND_OF_CHAIN_EXPECTED, "§5 PACE: wrong mark", when=step)
        for step in (_F.PACE_SET, _F.PACE_NONCE, _F.PACE_MAPPED)
    ),
    *(
        _row(_GA_MARKED, SW.LAST_COMMAND_OF_CHAIN_EXPECTED, "§5 wrong mark", when=step)
        for step in (_F.PACE_AGREED, _F.CA_SET)
    ),
    _row(_E.NONCE, _OK, _PACE, when=_F.PACE_SET, adds=_F.PACE_NONCE),
    _row(_E.MAP, _OK, _PACE, when=_F.PACE_NONCE, adds=_F.PACE_MAPPED),
    _row(_E.MAP_BAD_POINT, _DATA, _PACE, when=_F.PACE_NONCE),
    _row(_E.AGREE, _OK, _PACE, when=_F.PACE_MAPPED, adds=_F.PACE_AGREED),
    _row(_E.AGREE_BAD_POINT, _DATA, _PACE, when=_F.PACE_MAPPED),
    *(
        _row((_E.UNKNOWN_OBJECT, _E.CA_MARKED), _DATA, "§5 PACE: bad DO", when=step)
        for step in (_F.PACE_SET, _F.PACE_NONCE, _F.PACE_MAPPED)
    ),
    _row((_E.CA_POINT, _E.CA_BAD_POINT), _DATA, "§5 PACE: bad DO", when=_F.PACE_AGREED),
    _row(_E.TOKEN_WRONG, _WRONG, _PACE, when=_F.PACE_AGREED),
    _row(
        _E.TOKEN,
        _OK,
        _PACE,
        when=_F.PACE_AGREED,
        adds=_facts(_F.ISO, _F.PACE_RIGHTS),
        drops=SESSION,
    ),
)
CA_ROWS = (
    _row(_E.MSE_CA_UNKNOWN_OID, _DATA, _CA),
    _row(_E.MSE_CA_KEY_ID, _REFERENCE, _CA),
    _row(_E.MSE_CA, _OK, _CA, adds=_F.CA_SET),
    _row(
        _E.CA_POINT,
        _OK,
        _CA,
        when=_F.CA_SET,
        adds=_facts(_F.ISO, _F.CHIP_AUTHENTICATED),
        drops=OF_TERMINAL | {_F.PIN_VERIFIED},
    ),
    _row(_GA_LAST, _DATA, _CA, when=_F.CA_SET),
    _row(_GA, _STATE, "§5 wrong step, or no MSE directly before"),
)
_PSO_WHOLE_OR_LAST = (*_PSO_WHOLE, _E.PSO_LAST_PART)
TA_ROWS = (
    _row(_E.TERMINAL_SHORT_PROOF, SW.WRONG_LENGTH, _ORDER),
    _row((*_DST, *_PSO, *_AT, *_PROOF), _STATE, _TA, unless=_F.CHIP_AUTHENTICATED),
    _row(_E.MSE_DST_CVCA, _OK, _TA, adds=_F.DST_CVCA, drops=_F.DST_DV),
    _row(_E.MSE_DST_DV, _OK, _TA, when=_F.DV_IMPORTED, adds=_F.DST_DV, drops=_F.DST_CVCA),
    _row(_DST, _REFERENCE, _TA),
    _row(_PSO, _STATE, "§5 Set DST first", unless=_facts(_F.DST_CVCA, _F.DST_DV)),
    _row(_E.PSO_FIRST_PART, _OK, _CHAIN, adds=_F.CHAINING),
    _row(_PSO_WHOLE, _DATA, "§5 malformed with the part before", when=_F.CHAINING),
    _row(_E.PSO_LAST_PART, _DATA, "§5 malformed: half a certificate", unless=_F.CHAINING),
    _row(_E.PSO_MALFORMED, _DATA, _TA),
    _row(_E.PSO_WRONG_SIGNATURE, _WRONG, _TA),
    _row(
        (_E.PSO_DV, _E.PSO_LAST_PART),
        _OK,
        _TA,
        when=_F.DST_CVCA,
        adds=_F.DV_IMPORTED,
        drops=_F.DST_CVCA,
    ),
    _row(_E.PSO_LINK, _OK, _TA, when=_F.DST_CVCA, drops=_F.DST_CVCA),
    _row(
        _E.PSO_TERMINAL,
        _OK,
        _TA,
        when=_F.DST_DV,
        adds=_F.TERMINAL_IMPORTED,
        drops=_facts(_F.DST_DV, _F.AT_SET),
    ),
    _row(_PSO_WHOLE_OR_LAST, _WRONG, "§5 wrong role order or CAR"),
    _row(_E.MSE_AT, _OK, _TA, when=_F.TERMINAL_IMPORTED, adds=_F.AT_SET),
    _row(_AT, _REFERENCE, _TA),
    _row(_E.GET_CHALLENGE, _OK, _TA, adds=_F.CHALLENGE),
    _row(_E.GET_CHALLENGE_WRONG_LE, SW.WRONG_LENGTH, _TA),
    _row(_PROOF, _STATE, "§5 a challenge serves once", unless=_F.CHALLENGE),
    _row(_PROOF, _STATE, "§5 Set AT first", unless=_F.AT_SET, drops=_F.CHALLENGE),
    _row(_E.TERMINAL_PROOF, _OK, _TA, adds=_F.AUTHENTICATED, drops=_F.CHALLENGE),
    _row(
        _E.TERMINAL_WRONG_PROOF,
        _WRONG,
        "§5 earlier rights gone",
        drops=_facts(_F.CHALLENGE, _F.AUTHENTICATED),
    ),
)
CODE_ROWS = (
    _row(
        _CODES,
        _SECURITY,
        "§7 contactless",
        when=_F.IN_RANGE,
        unless=_facts(_F.PACE_RIGHTS, _F.AUTHENTICATED),
    ),
    _row(_E.VERIFY_MALFORMED, _DATA, _CARD_CODES),
    _row(_E.VERIFY_EMPTY, _THREE_TRIES, _CARD_CODES),
    _row(_E.VERIFY_WRONG, _TWO_TRIES, _CARD_CODES, drops=_F.PIN_VERIFIED),
    _row((_E.VERIFY, _E.CHANGE), _OK, _CARD_CODES, adds=_F.PIN_VERIFIED),
    _row(_E.RESET_PIN, _OK, "§7 RESET RETRY COUNTER", drops=_F.PIN_VERIFIED),
)

GROUPS: Mapping[str, Events] = {
    "every interindustry command": frozenset(_INTERINDUSTRY),
    "every command but PSO": frozenset(_NOT_OF_THE_CHAIN),
    "every GA 10": frozenset(_GA_MARKED),
    "every GA 00": frozenset(_GA_LAST),
    "every MSE C1A4": frozenset(_MSE_PACE),
    "every MSE 41A4": frozenset(_MSE_CA),
    "every MSE 81B6": frozenset(_DST),
    "every MSE 81A4": frozenset(_AT),
    "every PSO": frozenset(_PSO),
    "every PSO of a whole certificate": frozenset(_PSO_WHOLE),
    "every STORE DATA": frozenset(_STORE),
    "every EXTERNAL AUTHENTICATE (84)": frozenset(_HOST),
    "every GET CHALLENGE": frozenset(_CHALLENGE),
    "every command with PIN or PUK": frozenset(_CODES),
}
"""Names for many events at once, widest first; the documentation says these instead."""

TABLE: tuple[Row, ...] = FRAME_ROWS + SCP03_ROWS + PACE_ROWS + CA_ROWS + TA_ROWS + CODE_ROWS
"""The whole table, in the order in which rows are tried."""


def row_for(state: State, event: Event) -> Row:
    """Return the row that decides on this event in this state.

    Raises:
        LookupError: the table has a hole there, which a test excludes.
    """
    for row in TABLE:
        if row.fits(state, event):
            return row
    raise LookupError(f"no row for {event.name} in {sorted(fact.name for fact in state)}")


def outcome(state: State, event: Event) -> tuple[int, State]:
    """Return the status word and the state after this event."""
    row = row_for(state, event)
    return row.sw, (state - RUNS - row.drops) | row.adds


def reachable(start: State = AFTER_RESET) -> Iterator[State]:
    """Return every state that commands lead to from ``start``, nearest first."""
    found, waiting = {start}, [start]
    for state in waiting:
        yield state
        for event in Event:
            after = outcome(state, event)[1]
            if after not in found:
                found.add(after)
                waiting.append(after)
