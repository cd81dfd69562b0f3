"""Tokens of SoftHSM2 (Debian ``softhsm2``) in a folder of their own."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.keystores.pkcs11_library import Library, library_at
from cardservice.keystores.pkcs11_pin import PinSource

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL = "issuer"
PIN = "271828"
SECONDS = 20
PATIENCE_S = 20.0

_CONFIGURATION = """directories.tokendir = {folder}
objectstore.backend = file
log.level = ERROR
"""


def pin_source(pin: str = PIN) -> PinSource:
    """Return a source that tells ``pin`` each time."""
    return lambda: bytearray(pin.encode())


@dataclass(frozen=True, slots=True)
class Tokens:
    """A folder of tokens; ``configuration`` is the file that SoftHSM2 is pointed to."""

    folder: Path
    configuration: Path

    @property
    def environment(self) -> dict[str, str]:
        """What other processes need to meet the same tokens."""
        return {**os.environ, "SOFTHSM2_CONF": str(self.configuration)}

    def add(self, label: str = LABEL, pin: str = PIN) -> None:
        """Make a token, empty."""
        words = ("--init-token", "--free", "--label", label, "--so-pin", "31415926", "--pin", pin)
        subprocess.run(
            ["softhsm2-util", *words],
            env=self.environment,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )


def tokens_in(folder: Path) -> Tokens:
    """Return a folder with one token."""
    made = Tokens(folder / "tokens", folder / "softhsm2.conf")
    made.folder.mkdir()
    made.configuration.write_text(_CONFIGURATION.format(folder=made.folder))
    made.add()
    return made


def library() -> Library:
    """Return the module of this process."""
    return library_at(MODULE)


def look_again() -> None:
    """Let the module read its configuration and its folder anew; ends all sessions."""
    library().restart(patience_s=PATIENCE_S)


def opened(pin: PinSource | None = None, label: str = LABEL) -> Pkcs11KeyStore:
    """Return a store on a token of the folder."""
    return Pkcs11KeyStore(MODULE, label, pin or pin_source(), patience_s=PATIENCE_S)
