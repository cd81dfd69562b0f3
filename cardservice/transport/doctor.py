"""Why a reader cannot be used, in sentences, each with what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cardservice.transport.probe import Facts, SocketState, look

READER_LIMIT: Final = 16  # of pcsc-lite before 2.5.0
FOREIGN_PREFIX: Final = "Virtual PCD"  # as the package vsmartcard-vpcd names its readers


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``code`` is stable; ``remedy`` is empty when all is well."""

    code: str
    ok: bool
    sentence: str
    remedy: str = ""


Check = Callable[[Facts], Finding | None]


def diagnose(facts: Facts | None = None) -> list[Finding]:
    """Return what was found, in the order in which to mend it; of this machine by default."""
    known = look() if facts is None else facts
    return [finding for check in CHECKS if (finding := check(known)) is not None]


def _pyscard(facts: Facts) -> Finding:
    if facts.pyscard:
        return Finding("pyscard", ok=True, sentence="pyscard is installed.")
    return Finding(
        "pyscard",
        ok=False,
        sentence="pyscard, which reaches real readers, is not installed.",
        remedy="Install libpcsclite-dev, swig and gcc, then the extra `pcsc` of this project.",
    )


def _service(facts: Facts) -> Finding:
    if facts.socket in (SocketState.OPEN, SocketState.FORBIDDEN):
        return Finding("service", ok=True, sentence="The PC/SC service is running.")
    if not facts.pcscd:
        sentence = "The PC/SC service pcscd is not installed."
        return Finding("service", ok=False, sentence=sentence, remedy="Install the package pcscd.")
    stale = "crashed or was stopped" if facts.socket is SocketState.STALE else "is not running"
    return Finding(
        "service",
        ok=False,
        sentence=f"The PC/SC service {stale}.",
        remedy="Run: sudo systemctl start pcscd.socket (without systemd: sudo pcscd).",
    )


def _permission(facts: Facts) -> Finding | None:
    if facts.socket not in (SocketState.OPEN, SocketState.FORBIDDEN):
        return None
    if not facts.forbidden:
        return Finding("permission", ok=True, sentence="This user may use readers.")
    return Finding(
        "permission",
        ok=False,
        sentence="This user may not use readers.",
        remedy="Allow the polkit action org.debian.pcsc-lite.access_pcsc to your user, "
        "and let /run/pcscd/pcscd.comm be writable.",
    )


def _usb_driver(facts: Facts) -> Finding:
    if facts.usb_driver:
        return Finding("usb-driver", ok=True, sentence="The driver for USB readers is installed.")
    return Finding(
        "usb-driver",
        ok=False,
        sentence="The driver for USB readers is not installed.",
        remedy="Install the package libccid.",
    )


def _virtual_driver(facts: Facts) -> Finding:
    if facts.virtual_driver:
        sentence = "The driver for virtual readers is installed."
        return Finding("virtual-driver", ok=True, sentence=sentence)
    return Finding(
        "virtual-driver",
        ok=False,
        sentence="The driver for virtual readers is not installed.",
        remedy="To try without hardware, install the package vsmartcard-vpcd.",
    )


def _readers(facts: Facts) -> Finding | None:
    if facts.readers is None:
        return None
    if facts.readers:
        names = ", ".join(facts.readers)
        return Finding("readers", ok=True, sentence=f"Readers: {names}.")
    return Finding(
        "readers",
        ok=False,
        sentence="No reader is connected.",
        remedy="Plug one in, or start virtual ones: cardsim readers.",
    )


def _reader_limit(facts: Facts) -> Finding | None:
    if facts.readers is None or len(facts.readers) < READER_LIMIT:
        return None
    return Finding(
        "reader-limit",
        ok=False,
        sentence=f"There are {READER_LIMIT} readers, the most that pcsc-lite before 2.5.0 takes.",
        remedy="Remove virtual readers, or use another computer for more.",
    )


def _foreign_readers(facts: Facts) -> Finding | None:
    foreign = [name for name in facts.readers or () if name.startswith(FOREIGN_PREFIX)]
    if not foreign:
        return None
    return Finding(
        "foreign-readers",
        ok=False,
        sentence="Virtual readers of the package vsmartcard-vpcd are there, "
        "and take cards from the network.",
        remedy="Name the reader you mean, or delete /etc/reader.conf.d/vpcd and restart pcscd.",
    )


def _virtual_ports(facts: Facts) -> Finding | None:
    ours = any(name.startswith(FOREIGN_PREFIX) for name in facts.readers or ())
    if not (facts.virtual_entry and facts.virtual_port_taken) or ours or facts.readers is None:
        return None
    return Finding(
        "virtual-ports",
        ok=False,
        sentence="Another program listens on port 35963, where the virtual readers should.",
        remedy="End that program (see: ss -ltnp), then restart pcscd.",
    )


CHECKS: Final[tuple[Check, ...]] = (
    _pyscard,
    _service,
    _permission,
    _usb_driver,
    _virtual_driver,
    _readers,
    _reader_limit,
    _foreign_readers,
    _virtual_ports,
)
