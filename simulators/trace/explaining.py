"""What a command means in a few words. Nothing of a data field is said but what is public."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from simulators.card.apdu import INS, Command, parse_command
from simulators.card.files import CURRENT_INSURER_ALIAS_SFI, Directory
from simulators.card.image import LifeCycle
from simulators.card.protocol_objects import DYNAMIC_AUTHENTICATION_DATA, MseTag
from simulators.card.selecting import SelectBy
from simulators.trace import names
from simulators.trace.objects import placed_objects
from simulators.trace.place import Follower, Protection, protection_of, status_of
from simulators.trace.public import AID_OCTETS_MAX, FID_OCTETS, REFERENCE_OCTETS_MAX
from simulators.trace.status_words import meaning_of

_SFI_FORM: Final = 0x80
_SFI_MASK: Final = 0x1F
_LAST_BLOCK: Final = 0x80
_CHAINED: Final = 0x10
_PROPRIETARY: Final = 0x80
_HEADER_NAMES: Final = ("cla", "ins", "p1", "p2")
NO_COMMAND: Final = "no command APDU"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A command in words: its name, what it is about ("" when unknown), its lengths."""

    name: str
    about: str
    header: bytes
    nc: int
    ne: int
    protection: Protection

    def as_mapping(self) -> dict[str, object]:
        """Return it as a trace writes it."""
        # Octets that are no command have no header.
        octets = dict(zip(_HEADER_NAMES, self.header.hex(" ").upper().split(), strict=False))
        return {
            "command": self.name,
            **octets,
            "about": self.about,
            "nc": self.nc,
            "ne": self.ne,
            "messaging": self.protection.value,
        }


def explain(octets: bytes, follower: Follower) -> Explanation:
    """Return what the command means where ``follower`` says the card is; total."""
    command = parse_command(octets)
    if command is None:
        return Explanation(NO_COMMAND, f"{len(octets)} octets", b"", 0, 0, Protection.NONE)
    protection = protection_of(command.cla)
    describe = _DESCRIPTIONS.get(command.ins)
    hidden = protection is not Protection.NONE and command.ins in _TOLD_BY_DATA
    about = describe(command, follower) if describe and not hidden else ""
    return Explanation(
        name=names.command_name(command.ins),
        about=about,
        header=command.header,
        nc=len(command.data),
        ne=command.ne,
        protection=protection,
    )


def explain_status(answer: bytes) -> dict[str, str]:
    """Return SW and meaning as a trace writes them; the caller says whether the SW is public."""
    sw = status_of(answer)
    return {} if sw is None else {"sw": f"{sw:04X}", "meaning": meaning_of(sw)}


def _select(command: Command, follower: Follower) -> str:
    if command.p1 == SelectBy.NAME and len(command.data) <= AID_OCTETS_MAX:
        return names.application_name(command.data)
    if command.p1 == SelectBy.MASTER_FILE and len(command.data) in (0, FID_OCTETS):
        return "MF"
    if len(command.data) != FID_OCTETS:
        return ""
    file = follower.target(command)
    known = names.file_name(file) if file else "unknown file"
    return f"{command.data.hex().upper()} {known}"


def _read(command: Command, follower: Follower) -> str:
    file = follower.target(command)
    known = names.file_name(file) if file else "current EF, not known which"
    if not command.p1 & _SFI_FORM:
        return f"{known}, from octet {command.p1p2}"
    sfi = command.p1 & _SFI_MASK
    if file is None:
        known = _alias(sfi, follower)
    return f"{known} (SFI {sfi:02X}), from octet {command.p2}"


def _alias(sfi: int, follower: Follower) -> str:
    in_root = follower.directory is Directory.FOMS_ROOT
    return "current insurer EF" if in_root and sfi == CURRENT_INSURER_ALIAS_SFI else "unknown file"


def _get_data(command: Command, _follower: Follower) -> str:
    return names.DATA_OBJECTS.get(command.p1p2, f"unknown object {command.p1p2:04X}")


def _environment(command: Command, _follower: Follower) -> str:
    meant = names.ENVIRONMENTS.get(command.p1p2, f"unknown use {command.p1p2:04X}")
    if protection_of(command.cla) is not Protection.NONE:
        return meant
    for one in placed_objects(command.data):
        if one.tag == MseTag.REFERENCE and one.length <= REFERENCE_OCTETS_MAX:
            reference = command.data[one.value_start : one.end]
            return f"{meant}, reference {names.application_name(reference)}"
    return meant


def _step(command: Command, _follower: Follower) -> str:
    outer = placed_objects(command.data)
    if [one.tag for one in outer] != [DYNAMIC_AUTHENTICATION_DATA]:
        return ""
    inner = placed_objects(command.data, outer[0].value_start, outer[0].end)
    return names.STEPS.get(inner[0].tag, "unknown step") if inner else "PACE step 1: nonce"


def _certificate(command: Command, _follower: Follower) -> str:
    return "part of a certificate" if command.cla & _CHAINED else "certificate, or its last part"


def _secret(command: Command, _follower: Follower) -> str:
    asked = ", how many tries" if command.ins == INS.VERIFY and not command.data else ""
    return f"reference {command.p2:02X}{asked}"


def _authenticate(command: Command, _follower: Follower) -> str:
    if command.cla & _PROPRIETARY:
        return f"SCP03, security level {command.p1:02X}"
    return "terminal authentication"


def _key_version(command: Command, _follower: Follower) -> str:
    return f"key version {command.p1:02X}"


def _block(command: Command, _follower: Follower) -> str:
    return f"block {command.p2}{', the last' if command.p1 & _LAST_BLOCK else ''}"


def _life_cycle(command: Command, _follower: Follower) -> str:
    known = {state.value: state.name.lower() for state in LifeCycle}
    return f"life cycle {known.get(command.p2, f'{command.p2:02X}')}"


_TOLD_BY_DATA: Final = frozenset({INS.SELECT, INS.GENERAL_AUTHENTICATE})
"""Commands whose meaning stands in the data field, which secure messaging hides."""

_DESCRIPTIONS: Final[Mapping[int, Callable[[Command, Follower], str]]] = {
    INS.SELECT: _select,
    INS.READ_BINARY: _read,
    INS.GET_DATA: _get_data,
    INS.MANAGE_SECURITY_ENVIRONMENT: _environment,
    INS.GENERAL_AUTHENTICATE: _step,
    INS.PERFORM_SECURITY_OPERATION: _certificate,
    INS.VERIFY: _secret,
    INS.CHANGE_REFERENCE_DATA: _secret,
    INS.RESET_RETRY_COUNTER: _secret,
    INS.EXTERNAL_AUTHENTICATE: _authenticate,
    INS.INITIALIZE_UPDATE: _key_version,
    INS.PUT_KEY: _key_version,
    INS.STORE_DATA: _block,
    INS.SET_STATUS: _life_cycle,
}
