"""What the run knows of a card: secrets, keys, and what it wrote itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cardservice.channel.scp03 import StaticKeys, diversify
from cardservice.conformance.terms import Interface, Need, Stage
from cardservice.errors import Refusal
from cardservice.keystores.key_files import read
from cardservice.keystores.memory import DEMONSTRATION_TRANSPORT_MASTER
from cardservice.personalization.making import ISSUER_KEY_VERSION, TRANSPORT_KEY_VERSION
from cardservice.policycard.profile import Profile

if TYPE_CHECKING:
    from cardservice.conformance.scratch import Scratch

KeyDiversifier = Callable[[bytes], StaticKeys]

PIN_FIELD: Final = 8
"""Octets of a coded PIN or PUK (card.md 7)."""
_PADDING: Final = b"\xff"
_NEW_PIN: Final = "48151623"
_DIGITS: Final = {"can": (6, 6), "pin": (4, 8), "puk": (8, 8)}
_MASTERS: Final = ("transport_master", "issuer_master")
_KEY_LENS: Final = (16, 24, 32)
_PROFILES: Final = {f"{one.value:02}": one for one in Profile}


def master_keys(master: bytes) -> KeyDiversifier:
    """Return what derives a card's key set from ``master``, 16, 24 or 32 octets."""
    return lambda diversification: diversify(master, diversification)


@dataclass(slots=True)
class Known:
    """Secrets of one card; None for what is not known. A run that writes them keeps them here.

    Attributes:
        can, pin, puk: ASCII digits.
        transport, issuer: key sets 30 and 31 from the diversification octets.
        profile: of a personalized card.
        scratch: what this run made the card with.
    """

    can: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)
    puk: str | None = field(default=None, repr=False)
    transport: KeyDiversifier | None = field(
        default=master_keys(DEMONSTRATION_TRANSPORT_MASTER), repr=False
    )
    issuer: KeyDiversifier | None = field(default=None, repr=False)
    profile: Profile = Profile.FIELD
    scratch: "Scratch | None" = field(default=None, repr=False)

    def is_guarded(self, interface: Interface) -> bool:
        """Say whether a card so presented is read with a right only (card.md 5)."""
        return interface is Interface.CONTACTLESS or self.profile is not Profile.FIELD

    def needs_met(self, stage: Stage, interface: Interface) -> frozenset[Need]:
        """Return what there is, for a card in ``stage``."""
        keys = self.transport if stage is Stage.BLANK else self.issuer
        there = {
            Need.CAN: self.can,
            Need.READING: self.can if self.is_guarded(interface) else "",
            Need.CHIP: self.can if self.profile is Profile.PRIVATE else "",
            Need.PIN: self.pin,
            Need.PUK: self.puk,
            Need.KEYS: keys,
            Need.AUTHORITY: self.scratch,
            Need.SCRATCH: self.scratch,
        }
        return frozenset(need for need, value in there.items() if value is not None)

    def key_set(self, stage: Stage) -> tuple[int, KeyDiversifier]:
        """Return version and source of the key set of a card in ``stage``.

        Raises:
            Refusal: it is not known.
        """
        if stage is Stage.BLANK:
            return TRANSPORT_KEY_VERSION, _given(self.transport, "transport_master")
        return ISSUER_KEY_VERSION, _given(self.issuer, "issuer_master")

    def octets(self, name: str) -> bytes:
        """Return the octets that the place ``{name}`` of a script stands for."""
        pin, puk = self.pin or "", self.puk or ""
        values = {
            "pin": coded(pin),
            "wrong_pin": coded(another(pin)),
            "new_pin": coded(_NEW_PIN),
            "puk": coded(puk),
            "wrong_puk": coded(another(puk)),
        }
        return values[name]


def coded(digits: str) -> bytes:
    """Return a PIN or PUK as 8 octets: ASCII digits, padded with FF."""
    return digits.encode("ascii").ljust(PIN_FIELD, _PADDING)


def another(digits: str) -> str:
    """Return other digits, as many: the last one is one more."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10) if digits else ""


def load_secrets(path: Path) -> Known:
    """Return what the JSON file ``path`` tells of a card.

    Its names are ``can``, ``pin``, ``puk``, ``profile`` (``01`` to ``03``), and
    ``transport_master`` and ``issuer_master`` in hexadecimal; each may be absent.

    Raises:
        KeyStoreError: missing, or others may read it.
        Refusal: not such a file. The message quotes nothing of it.
    """
    try:
        told = json.loads(read(path))
    except ValueError:
        raise _not_such(path, "it is not JSON") from None
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        raise _not_such(path, "it is not one object of texts")
    unknown = sorted(set(told) - {*_DIGITS, *_MASTERS, "profile"})
    if unknown:
        raise _not_such(path, f"its names are {', '.join((*_DIGITS, *_MASTERS, 'profile'))}")
    known = Known()
    for name in _DIGITS:
        if name in told:
            setattr(known, name, _digits(path, name, told[name]))
    for name, place in zip(_MASTERS, ("transport", "issuer"), strict=True):
        if name in told:
            setattr(known, place, master_keys(_master(path, name, told[name])))
    known.profile = _profile(path, told.get("profile", "01"))
    return known


def _digits(path: Path, name: str, text: str) -> str:
    least, most = _DIGITS[name]
    if not (text.isascii() and text.isdigit() and least <= len(text) <= most):
        raise _not_such(path, f"{name} is not {least} to {most} digits")
    return text


def _master(path: Path, name: str, text: str) -> bytes:
    try:
        octets = bytes.fromhex(text)
    except ValueError:
        octets = b""
    if len(octets) not in _KEY_LENS:
        raise _not_such(path, f"{name} is not 16, 24 or 32 octets in hexadecimal")
    return octets


def _profile(path: Path, text: str) -> Profile:
    if text not in _PROFILES:
        raise _not_such(path, f"profile is not one of {', '.join(_PROFILES)}")
    return _PROFILES[text]


def _given(keys: KeyDiversifier | None, name: str) -> KeyDiversifier:
    if keys is None:
        raise Refusal("secret-missing", f"{name} is not among the given secrets.")
    return keys


def _not_such(path: Path, why: str) -> Refusal:
    return Refusal("secrets-file", f"{path} is no file of secrets: {why}.")
