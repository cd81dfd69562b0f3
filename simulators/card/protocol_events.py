"""The words of the card's state machine: facts, events, and which facts end together.

Source: card.md §5 to §7.
"""

from enum import Enum


class Fact(Enum):
    """What may hold between two commands; the value is how the documentation says it."""

    IN_RANGE = "contactless"
    ROOT_CURRENT = "foms_root current"
    SCP03 = "SCP03 session"
    ISO = "ISO session"
    PACE_RIGHTS = "rights of PACE"
    CHIP_AUTHENTICATED = "chip authenticated"
    PIN_VERIFIED = "PIN verified"
    CHALLENGE = "challenge given"
    DST_CVCA = "DST: CVCA"
    DST_DV = "DST: DV"
    DV_IMPORTED = "DV imported"
    TERMINAL_IMPORTED = "terminal imported"
    AT_SET = "AT set"
    AUTHENTICATED = "terminal authenticated"
    SCP03_INITIALISED = "SCP03 initialised"
    PACE_SET = "PACE set"
    PACE_NONCE = "PACE nonce given"
    PACE_MAPPED = "PACE mapped"
    PACE_AGREED = "PACE agreed"
    CA_SET = "CA set"
    STORING = "STORE DATA in progress"
    CHAINING = "chaining in progress"


class Event(Enum):
    """One command, right or wrong in one way; the value is how the documentation says it."""

    NO_COMMAND = "octets that are no command"
    PLAIN = "any command in the clear (00 CA)"
    WRONG_MAC = "class 0C, wrong 8E"
    NO_MAC = "class 0C, no 8E"
    WRONG_C_MAC = "class 84, wrong C-MAC"
    SELECT = "SELECT foms_root"
    GET_DATA = "any other command (GET DATA)"
    UNKNOWN_INS = "unknown instruction"
    CHAINED_OTHER = "SELECT marked as chained"

    INITIALIZE_UPDATE = "INITIALIZE UPDATE"
    INITIALIZE_UPDATE_UNKNOWN = "INITIALIZE UPDATE, unknown KVN"
    HOST_PROOF = "EXTERNAL AUTHENTICATE (84)"
    HOST_WRONG_MAC = "EXTERNAL AUTHENTICATE (84), wrong C-MAC"
    HOST_WRONG_CRYPTOGRAM = "EXTERNAL AUTHENTICATE (84), wrong cryptogram"
    HOST_OTHER_LEVEL = "EXTERNAL AUTHENTICATE (84), level 03"
    ISSUER_GET_DATA = "GET DATA (84)"
    GENERATE = "GENERATE ASYMMETRIC KEY PAIR"
    STORE_WHOLE = "STORE DATA, first and last block"
    STORE_FIRST = "STORE DATA, first block"
    STORE_NEXT = "STORE DATA, next block"
    STORE_LAST = "STORE DATA, next and last block"

    MSE_PACE = "MSE C1A4"
    MSE_PACE_UNKNOWN_OID = "MSE C1A4, unknown OID"
    MSE_PACE_OTHER_REFERENCE = "MSE C1A4, other reference"
    NONCE = "GA 10, empty"
    NONCE_UNMARKED = "GA 00, empty"
    MAP = "GA 10, 81"
    MAP_BAD_POINT = "GA 10, 81 bad point"
    AGREE = "GA 10, 83"
    AGREE_BAD_POINT = "GA 10, 83 bad point"
    TOKEN = "GA 00, 85"  # noqa: S105 - a name, no password
    TOKEN_WRONG = "GA 00, 85 wrong token"  # noqa: S105 - a name, no password
    TOKEN_MARKED = "GA 10, 85"  # noqa: S105 - a name, no password
    UNKNOWN_OBJECT = "GA 10, unknown object"

    MSE_CA = "MSE 41A4"
    MSE_CA_UNKNOWN_OID = "MSE 41A4, unknown OID"
    MSE_CA_KEY_ID = "MSE 41A4, key id"
    CA_POINT = "GA 00, 80"
    CA_BAD_POINT = "GA 00, 80 bad point"
    CA_MARKED = "GA 10, 80"

    MSE_DST_CVCA = "MSE 81B6, CVCA"
    MSE_DST_DV = "MSE 81B6, DV"
    MSE_DST_UNKNOWN = "MSE 81B6, unknown name"
    PSO_DV = "PSO, DV certificate"
    PSO_TERMINAL = "PSO, terminal certificate"
    PSO_LINK = "PSO, link certificate"
    PSO_WRONG_SIGNATURE = "PSO, wrong signature"
    PSO_MALFORMED = "PSO, malformed"
    PSO_FIRST_PART = "PSO 10, first part of the DV certificate"
    PSO_LAST_PART = "PSO 00, last part of the DV certificate"
    MSE_AT = "MSE 81A4, terminal imported last"
    MSE_AT_UNKNOWN = "MSE 81A4, unknown name"
    GET_CHALLENGE = "GET CHALLENGE"
    GET_CHALLENGE_WRONG_LE = "GET CHALLENGE, Le 04"
    TERMINAL_PROOF = "EXTERNAL AUTHENTICATE (00)"
    TERMINAL_WRONG_PROOF = "EXTERNAL AUTHENTICATE (00), wrong signature"
    TERMINAL_SHORT_PROOF = "EXTERNAL AUTHENTICATE (00), 63 octets"

    VERIFY = "VERIFY"
    VERIFY_WRONG = "VERIFY, wrong PIN"
    VERIFY_MALFORMED = "VERIFY, malformed"
    VERIFY_EMPTY = "VERIFY, empty"
    CHANGE = "CHANGE REFERENCE DATA"
    RESET_PIN = "RESET RETRY COUNTER"


State = frozenset[Fact]
Events = frozenset[Event]

AFTER_RESET: State = frozenset()
RUNS: State = frozenset(
    {
        Fact.SCP03_INITIALISED,
        Fact.PACE_SET,
        Fact.PACE_NONCE,
        Fact.PACE_MAPPED,
        Fact.PACE_AGREED,
        Fact.CA_SET,
        Fact.STORING,
        Fact.CHAINING,
    }
)
"""Unfinished business: every command drops it unless its row adds it again."""
OF_TERMINAL: State = frozenset(
    {
        Fact.CHALLENGE,
        Fact.DST_CVCA,
        Fact.DST_DV,
        Fact.DV_IMPORTED,
        Fact.TERMINAL_IMPORTED,
        Fact.AT_SET,
        Fact.AUTHENTICATED,
    }
)
SESSION: State = OF_TERMINAL | {
    Fact.SCP03,
    Fact.ISO,
    Fact.PACE_RIGHTS,
    Fact.CHIP_AUTHENTICATED,
    Fact.PIN_VERIFIED,
}
"""What ends with a session, and what a new one from PACE or SCP03 begins without."""
