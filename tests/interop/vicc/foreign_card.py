"""A card of the field whose operating system is vsmartcard's; run as a program of its own.

Arguments: the port to connect to, then nothing (a card without our applications) or the owner and
the insurer EF in hexadecimal.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

OK = 0x9000
NOT_FOUND = 0x6A88
POINTER = (0x01, 0xB0)
INSURER_ID = 0x0305
LOOPBACK = "127.0.0.1"


def without_ciphers() -> None:
    """Let the library do without its package of ciphers: no file on these cards is enciphered."""
    names = {"Crypto.Cipher": ["DES3", "DES", "AES", "ARC4"], "Crypto.Hash": ["HMAC", "SHA"]}
    for name, members in names.items():
        module = ModuleType(name)
        for member in members:
            setattr(module, member, None)
        sys.modules[name] = module
    sys.modules["Crypto"] = ModuleType("Crypto")


def fill(root: Any, owner: bytes, insurer: bytes) -> None:
    """Put the applications and files of a policy card under the MF ``root``."""
    files = import_module("virtualsmartcard.SmartcardFilesystem")
    contents = {
        b"foms_root": (0xDF01, {}),
        b"FOMS_ID": (0xDF02, {0x0201: owner}),
        b"FOMS_INS": (0xDF03, {INSURER_ID: insurer}),
    }
    for name, (identifier, elementary) in contents.items():
        directory = files.DF(root, identifier, dfname=name)
        root.append(directory)
        for file_id, data in elementary.items():
            directory.append(files.TransparentStructureEF(directory, file_id, data=data))


def get_data(p1: int, p2: int, _data: bytes) -> tuple[int, bytes]:
    """Answer for the pointer, the one data object of a card of the field."""
    if (p1, p2) != POINTER:
        return NOT_FOUND, b""
    return OK, INSURER_ID.to_bytes(2)


def serve(port: int, prepare: Callable[[Any], None]) -> None:
    """Connect to the reader at ``port`` and answer until it goes away."""
    virtual = import_module("virtualsmartcard.VirtualSmartcard")
    card = virtual.VirtualICC(None, "iso7816", LOOPBACK, port)
    prepare(card.os)
    card.run()


def main(arguments: list[str]) -> None:
    without_ciphers()
    port, *contents = arguments

    def prepare(system: Any) -> None:
        if contents:
            fill(system.mf, *map(bytes.fromhex, contents))
            system.ins2handler[0xCA] = get_data

    serve(int(port), prepare)


if __name__ == "__main__":
    main(sys.argv[1:])
