"""Where the PIN of a token comes from: a file of its user, or a person asked; never an argument.

A source gives octets that can be wiped, and they are, once the token has seen them. Python and
the binding make copies of their own that nobody can wipe; they last until their memory is used
again.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from cardservice.keystores.key_files import OTHERS
from cardservice.pki.keys import KeyStoreError

PinSource: TypeAlias = Callable[[], bytearray]
"""Returns the PIN, UTF-8, in octets of its own; raises KeyStoreError. Called at each log-in."""

LONGEST_PIN: Final = 255  # octets; tokens allow far less


def pin_from_file(path: Path) -> PinSource:
    """Return a source that reads one line of a file which its owner alone may read.

    The source raises KeyStoreError: no such file, no regular file, open to others, or no
    line of text.
    """

    def source() -> bytearray:
        return _as_pin(_read(path), said=f"the PIN file {path}")

    return source


def pin_from_prompt(prompt: Callable[[str], str]) -> PinSource:
    """Return a source that asks a person through ``prompt``, unseen (``getpass.getpass``)."""

    def source() -> bytearray:
        return _as_pin(bytearray(prompt("PIN of the security module: ").encode()), said="the PIN")

    return source


def wipe(octets: bytearray) -> None:
    """Overwrite ``octets`` with zeros, in place."""
    octets[:] = bytes(len(octets))


def _as_pin(octets: bytearray, *, said: str) -> bytearray:
    while octets.endswith((b"\n", b"\r")):
        octets.pop()
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isprintable() or len(octets) > LONGEST_PIN:
        wipe(octets)
        raise KeyStoreError(f"{said} is no line of text", remedy="write the PIN, nothing else")
    return octets


def _read(path: Path) -> bytearray:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise KeyStoreError(
            f"the PIN file {path}: {error.strerror}", remedy="check its path, owner and rights"
        ) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode) or mode & OTHERS:
            raise KeyStoreError(f"others may read the PIN file {path}", remedy="chmod 600 it")
        octets = bytearray(LONGEST_PIN + 2)
        del octets[os.readv(descriptor, [octets]) :]
    finally:
        os.close(descriptor)
    return octets
