"""The table of class × instruction: what carries a command out, and in which life cycle.

Source: card.md §7.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulators.card.apdu import CLA, INS, Command
from simulators.card.chip import Chip
from simulators.card.chip_key import generate_key_pair, guard_generate
from simulators.card.data_objects import get_data, guard_get_data
from simulators.card.environment import general_authenticate, manage_security_environment
from simulators.card.holder_verification import (
    change_reference_data,
    reset_retry_counter,
    verify,
)
from simulators.card.image import LifeCycle
from simulators.card.key_loading import put_key
from simulators.card.life import set_status
from simulators.card.reading import guard_read, read_binary
from simulators.card.scp03_opening import (
    external_authenticate,
    guard_initialize_update,
    initialize_update,
)
from simulators.card.selecting import guard_select, select
from simulators.card.status import SW, CommandRefusedError
from simulators.card.storing import store_data
from simulators.card.terminal_authentication import (
    authenticate_terminal,
    get_challenge,
    verify_certificate,
)

Guard = Callable[[Chip, Command], None]
Handler = Callable[[Chip, Command], bytes]


class Route(NamedTuple):
    """What the life cycle must allow first, and what then carries the command out."""

    guard: Guard
    handler: Handler


def _guard_personalized(chip: Chip, _command: Command) -> None:
    if chip.image.life_cycle is not LifeCycle.PERSONALIZED:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def _guard_not_terminated(chip: Chip, _command: Command) -> None:
    if chip.image.life_cycle is LifeCycle.TERMINATED:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


_READ = Route(guard_read, read_binary)
_GET_DATA = Route(guard_get_data, get_data)
_CHAINABLE: Mapping[int, Route] = {
    INS.GENERAL_AUTHENTICATE: Route(_guard_personalized, general_authenticate),
    INS.PERFORM_SECURITY_OPERATION: Route(_guard_personalized, verify_certificate),
}
_INTERINDUSTRY: Mapping[int, Route] = {
    INS.SELECT: Route(guard_select, select),
    INS.READ_BINARY: _READ,
    INS.GET_DATA: _GET_DATA,
    INS.VERIFY: Route(_guard_personalized, verify),
    INS.CHANGE_REFERENCE_DATA: Route(_guard_personalized, change_reference_data),
    INS.RESET_RETRY_COUNTER: Route(_guard_personalized, reset_retry_counter),
    INS.MANAGE_SECURITY_ENVIRONMENT: Route(_guard_personalized, manage_security_environment),
    INS.GET_CHALLENGE: Route(_guard_personalized, get_challenge),
    INS.EXTERNAL_AUTHENTICATE: Route(_guard_personalized, authenticate_terminal),
    **_CHAINABLE,
}
_ISSUER: Mapping[int, Route] = {
    INS.EXTERNAL_AUTHENTICATE: Route(_guard_not_terminated, external_authenticate),
    INS.PUT_KEY: Route(_guard_not_terminated, put_key),
    INS.GENERATE_ASYMMETRIC_KEY_PAIR: Route(guard_generate, generate_key_pair),
    INS.STORE_DATA: Route(_guard_not_terminated, store_data),
    INS.SET_STATUS: Route(_guard_not_terminated, set_status),
    INS.GET_DATA: _GET_DATA,
}
TABLE: Mapping[int, Mapping[int, Route]] = {
    CLA.INTERINDUSTRY: _INTERINDUSTRY,
    CLA.ISO_SM: _INTERINDUSTRY,
    CLA.CHAINED: _CHAINABLE,
    CLA.CHAINED_ISO_SM: _CHAINABLE,
    CLA.PROPRIETARY: {
        INS.INITIALIZE_UPDATE: Route(guard_initialize_update, initialize_update),
        INS.GET_DATA: _GET_DATA,
    },
    CLA.GLOBALPLATFORM_SM: _ISSUER,
    CLA.GLOBALPLATFORM_SM_OF_INTERINDUSTRY: {INS.GET_DATA: _GET_DATA},
    CLA.PROPRIETARY_ISO_SM: {INS.STORE_DATA: Route(_guard_personalized, store_data)},
}
"""Class × instruction, the whole of it (card.md §7)."""

_KNOWN_INS = frozenset(ins for row in TABLE.values() for ins in row)


def routes_of(*classes: CLA) -> dict[int, Route]:
    """Return the rows of these classes in one table, by ``class << 8 | instruction``."""
    return {cla << 8 | ins: route for cla in classes for ins, route in TABLE[cla].items()}


def refusal(cla: int, ins: int) -> SW:
    """Return why this class and instruction are not carried out on this channel."""
    if _on_other_channel(cla):
        return SW.CHANNEL_NOT_SUPPORTED
    if cla not in TABLE:
        return SW.CLA_NOT_SUPPORTED
    return _refusal_of_instruction(cla, ins)


def _refusal_of_instruction(cla: int, ins: int) -> SW:
    if ins not in _KNOWN_INS:
        return SW.INS_NOT_SUPPORTED
    if ins in TABLE[cla]:
        return SW.CONDITIONS_NOT_SATISFIED
    if cla in (CLA.CHAINED, CLA.CHAINED_ISO_SM):
        return SW.CHAINING_NOT_SUPPORTED
    if cla == CLA.PROPRIETARY and ins in _ISSUER:
        return SW.SECURITY_NOT_SATISFIED
    return SW.CLA_NOT_SUPPORTED


def _on_other_channel(cla: int) -> bool:
    """Return whether the class names a logical channel above 0. Source: ISO 7816-4:2013 5.4.1."""
    first_interindustry = cla <= 0x1F  # 000x xxxx
    further_interindustry = 0x40 <= cla <= 0x7F  # 01xx xxxx, channels 4 to 19
    globalplatform = 0x80 <= cla <= 0x8F  # GPC 11.1.4
    numbered = first_interindustry or globalplatform
    return further_interindustry or (numbered and bool(cla & 0x03))
