"""Where a case brings the terminal before it asks anything: files selected, sessions opened."""

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.channel.card_access import choose_pace, parse_card_access
from cardservice.channel.chip_authentication import authenticate_chip
from cardservice.channel.curves import P256
from cardservice.channel.pace import PaceSession, establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.reading import (
    PLAIN_BLOCK,
    PROTECTED_BLOCK,
    read_file,
    select_application,
)
from cardservice.channel.scp03 import Scp03Session, open_session
from cardservice.channel.security_infos import encode_card_access, parse_chip_security
from cardservice.channel.terminal_authentication import authenticate_terminal
from cardservice.conformance.terms import CaseFailedError, Need
from cardservice.policycard.layout import CardFile, Directory
from cardservice.policycard.profile import Profile

if TYPE_CHECKING:
    from cardservice.conformance.authority import Enrolled
    from cardservice.conformance.terminal import Terminal

_CHALLENGE_LEN: Final = 8
_TOLERATED: Final = frozenset({int(SW.FILE_DEACTIVATED)})


def select(directory: Directory) -> Callable[["Terminal"], None]:
    """Return the preparation that selects ``directory``; a blocked card's warning is no error."""

    def prepared(terminal: "Terminal") -> None:
        if directory is Directory.MF:
            terminal.expect(CommandAPDU(cla=0, ins=Ins.SELECT, p2=0x0C), SW.OK, *_TOLERATED)
        else:
            terminal.run(select_application(directory.aid, tolerated=_TOLERATED))

    return prepared


def open_pace(terminal: "Terminal", *, can: str | None = None) -> PaceSession:
    """Run PACE with the CAN (or another one) and go on under its session."""
    digits = can or terminal.known.can or ""
    run = establish_pace(
        choose_pace(parse_card_access(encode_card_access())),
        password=PacePassword.can(digits),
        map_scalar=new_scalar(),
        ephemeral_scalar=new_scalar(),
    )
    terminal.pace = terminal.run(run)
    terminal.protection = terminal.pace.session
    return terminal.pace


def read_chip_point(terminal: "Terminal") -> bytes:
    """Return the chip's public key from EF.ChipSecurity; foms_root is current afterwards."""
    select(Directory.ROOT)(terminal)
    spec = CardFile.CHIP_SECURITY.spec
    block = PLAIN_BLOCK if terminal.protection is None else PROTECTED_BLOCK
    start = terminal.run(read_file(sfi=spec.sfi, max_size=spec.limit, block=block))
    return parse_chip_security(start.data).public_key.point


def open_chip(terminal: "Terminal") -> None:
    """Run chip authentication; go on under its session, which the first answer has proved."""
    if terminal.known.profile is Profile.PRIVATE and terminal.pace is None:
        open_pace(terminal)
    point = read_chip_point(terminal)
    unproved = terminal.run(authenticate_chip(point, ephemeral=new_ephemeral()))
    proving = unproved.prove(select_application(Directory.ROOT.aid))
    terminal.chip, _ = terminal.run_plain(proving)
    terminal.protection = terminal.chip.session


def authenticate(terminal: "Terminal", enrolled: "Enrolled") -> None:
    """Run terminal authentication under the chip authentication there is."""
    if terminal.chip is None:
        raise CaseFailedError("there was no chip authentication")
    terminal.run_plain(
        authenticate_terminal(
            enrolled.chain, sign=enrolled.sign, chip=terminal.chip, pace=terminal.pace
        )
    )


def open_terminal(terminal: "Terminal") -> None:
    """Run chip and terminal authentication with every right."""
    open_chip(terminal)
    if terminal.known.scratch is None:
        raise CaseFailedError("no trust point of the card is known")
    authenticate(terminal, terminal.known.scratch.authority.enrol())


def open_scp03(terminal: "Terminal") -> Scp03Session:
    """Open an SCP03 session with the key set of the card's state; foms_root is current."""
    terminal.forget()
    select(Directory.ROOT)(terminal)
    version, keys = terminal.known.key_set(terminal.stage)
    session = terminal.run(
        open_session(
            keys,
            key_version=version,
            host_challenge=secrets.token_bytes(_CHALLENGE_LEN),
            invoking_aid=Directory.ROOT.aid,
        )
    )
    terminal.protection = session
    return session


def verify_pin(terminal: "Terminal") -> None:
    """Verify the holder's PIN."""
    coded = terminal.known.octets("pin")
    terminal.expect(CommandAPDU(cla=0, ins=Ins.VERIFY, p2=0x01, data=coded), SW.OK)


def open_reading(terminal: "Terminal") -> None:
    """Get the right to read the owner: nothing where there is no need, else PACE."""
    if terminal.is_guarded:
        open_pace(terminal)


def new_scalar() -> int:
    """Return a fresh secret of P-256."""
    return 1 + secrets.randbelow(P256.n - 1)


def new_ephemeral() -> ec.EllipticCurvePrivateKey:
    """Return a fresh key of P-256."""
    return ec.generate_private_key(ec.SECP256R1())


PREPARATIONS: Final[Mapping[str, Callable[["Terminal"], object]]] = {
    "mf": select(Directory.MF),
    "root": select(Directory.ROOT),
    "id": select(Directory.HOLDER),
    "ins": select(Directory.INSURERS),
    "pace": open_pace,
    "chip": open_chip,
    "terminal": open_terminal,
    "scp03": open_scp03,
    "verify": verify_pin,
    "reading": open_reading,
    "reset": lambda terminal: terminal.reset(),
    "plain": lambda terminal: terminal.forget(),
}
"""Words of scripts → what is done."""

NEEDS: Final[Mapping[str, frozenset[Need]]] = {
    "pace": frozenset({Need.CAN}),
    "reading": frozenset({Need.READING}),
    "chip": frozenset({Need.CHIP}),
    "terminal": frozenset({Need.AUTHORITY, Need.CHIP}),
    "scp03": frozenset({Need.KEYS}),
    "verify": frozenset({Need.PIN}),
}


def prepare(terminal: "Terminal", word: str) -> None:
    """Do what ``word`` says.

    Raises:
        CaseFailedError: the card did not let it; the message says while preparing what.
    """
    try:
        PREPARATIONS[word](terminal)
    except CaseFailedError as error:
        raise CaseFailedError(f"while preparing ({word}): {error}") from error
