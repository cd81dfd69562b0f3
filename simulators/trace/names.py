"""What instructions, files, objects and references are called.

Source: ISO/IEC 7816-4:2013 table 4; GlobalPlatform Card Specification 2.3.1; card.md §2, §5, §6.
"""

from collections.abc import Mapping
from typing import Final

from simulators.card import files
from simulators.card.apdu import INS
from simulators.card.files import Directory, ElementaryFile

_FOREIGN: Final[Mapping[int, str]] = {
    0x70: "MANAGE CHANNEL",
    0x78: "GET PROCESSING STATE",
    0x87: "GENERAL AUTHENTICATE",
    0x88: "INTERNAL AUTHENTICATE",
    0xA8: "GET PROCESSING OPTIONS",
    0xAE: "GENERATE AC",
    0xB1: "READ BINARY",
    0xB2: "READ RECORD",
    0xC0: "GET RESPONSE",
    0xCB: "GET DATA",
    0xD6: "UPDATE BINARY",
    0xDA: "PUT DATA",
    0xDC: "UPDATE RECORD",
    0xE4: "DELETE",
    0xE6: "INSTALL",
    0xE8: "LOAD",
    0xF2: "GET STATUS",
}
_COMMANDS: Final[Mapping[int, str]] = {
    **_FOREIGN,
    **{ins.value: ins.name.replace("_", " ") for ins in INS},
}
_FILES: Final[Mapping[ElementaryFile, str]] = {
    files.EF_CARD_ACCESS: "EF.CardAccess",
    files.EF_ATR_INFO: "EF.ATR/INFO",
    files.EF_ICCID: "EF.ICCID",
    files.EF_CARD_ID: "EF.CardID",
    files.EF_CHIP_SECURITY: "EF.ChipSecurity",
    files.EF_CVCA: "EF.CVCA",
    files.EF_SOD: "EF.SOD",
    files.EF_OWNER: "owner EF",
    **{file: f"insurer EF {file.fid:04X}" for file in files.EF_INSURERS},
}
DATA_OBJECTS: Final[Mapping[int, str]] = {
    0x01B0: "id of the current insurer EF",
    0xDF01: "life cycle",
    0x00E0: "key information",
}
ENVIRONMENTS: Final[Mapping[int, str]] = {
    0xC1A4: "PACE",
    0x41A4: "chip authentication",
    0x81B6: "key to verify a certificate with",
    0x81A4: "terminal authentication",
}
STEPS: Final[Mapping[int, str]] = {
    0x80: "chip authentication: the terminal's point",
    0x81: "PACE step 2: mapping",
    0x83: "PACE step 3: key agreement",
    0x85: "PACE step 4: tokens",
}
_CONTROL: Final[Mapping[int, str]] = {
    0x6F: "FCI",
    0x62: "FCP",
    0x80: "size",
    0x82: "descriptor",
    0x83: "file id",
    0x84: "name",
    0x88: "SFI",
    0xA5: "proprietary",
}
_DYNAMIC: Final[Mapping[int, str]] = {
    0x7C: "dynamic authentication data",
    0x80: "nonce or point",
    0x81: "mapping, terminal",
    0x82: "mapping, card",
    0x83: "ephemeral key, terminal",
    0x84: "ephemeral key, card",
    0x85: "token, terminal",
    0x86: "token, card",
    0x87: "CAR, current",
    0x88: "CAR, previous",
}
_MSE: Final[Mapping[int, str]] = {0x80: "OID", 0x83: "reference", 0x84: "key or parameters"}
_CERTIFICATE: Final[Mapping[int, str]] = {
    0x7F4E: "certificate body",
    0x5F29: "profile",
    0x42: "CAR",
    0x7F49: "public key",
    0x5F20: "CHR",
    0x7F4C: "CHAT",
    0x5F25: "effective",
    0x5F24: "expiry",
    0x5F37: "signature",
}
_MESSAGING: Final[Mapping[int, str]] = {
    0x85: "cryptogram",
    0x87: "cryptogram",
    0x97: "Le",
    0x99: "SW",
    0x8E: "MAC",
}
_FIELD: Final[Mapping[int, str]] = {
    0x31: "security infos",
    0x42: "CAR",
    0x7F66: "longest command and answer",
    0x60: "EF.ICCID",
    0x61: "EF.CardID",
    0x62: "owner",
    0x64: "insurer",
    0x6E: "chip security",
    0x77: "security object",
    0x5F21: "surname",
    0x5F22: "first name",
    0x5F23: "patronymic",
    0x5F24: "birth date",
    0x5F25: "sex",
    0x5F26: "policy number",
    0x5F27: "SNILS",
    0x5F28: "expiry",
    0x5F29: "birth place",
    0x5F2A: "issue date",
    0x7F30: "citizenship",
    0x7F40: "photo",
    0x5F51: "OGRN",
    0x5F52: "OKATO",
    0x5F53: "start date",
    0x5F54: "end date",
    0x7F60: "signature",
}
MESSAGING_TAGS: Final = _MESSAGING
_TAGS_BY_INS: Final[Mapping[int, Mapping[int, str]]] = {
    INS.SELECT: _CONTROL,
    INS.READ_BINARY: _FIELD,
    INS.MANAGE_SECURITY_ENVIRONMENT: _MSE,
    INS.GENERAL_AUTHENTICATE: _DYNAMIC,
    INS.PERFORM_SECURITY_OPERATION: _CERTIFICATE,
}


def is_known_command(ins: int) -> bool:
    """Return whether the instruction has a name."""
    return ins in _COMMANDS


def command_name(ins: int) -> str:
    """Return the instruction's name, or that it is unknown."""
    return _COMMANDS.get(ins, f"unknown instruction {ins:02X}")


def file_name(file: ElementaryFile) -> str:
    """Return the name of an EF as card.md has it."""
    return _FILES[file]


def directory_name(directory: Directory) -> str:
    """Return the name of the MF or a DF."""
    return directory.value.decode() or "MF"


def application_name(aid: bytes) -> str:
    """Return an AID as text when it is printable ASCII, in hexadecimal otherwise."""
    printable = aid.isascii() and aid.decode("latin-1").isprintable()
    return aid.decode() if aid and printable else aid.hex().upper()


def tag_names(ins: int) -> Mapping[int, str]:
    """Return what tags mean in the data of this instruction."""
    return _TAGS_BY_INS.get(ins, {})
