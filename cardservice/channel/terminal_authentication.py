"""Terminal authentication version 1, terminal side (TR-03110-1, 3.5; TR-03110-3, B.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.tlv import encode_object
from cardservice.channel.chaining import send_long
from cardservice.channel.chip_authentication import ProvedChip
from cardservice.channel.flow import Flow, protect
from cardservice.channel.pace import PaceSession
from cardservice.channel.secure_messaging import SHORT_NC
from cardservice.channel.terminal_authentication_chain import PresentableCertificate, TerminalChain
from cardservice.errors import MalformedDataError

CHALLENGE_LEN: Final = 8
"""Octets of r_PICC."""

Sign = Callable[[bytes], bytes]
"""From a message to the terminal's signature over it, plain r ‖ s at full width, not DER."""

_SET_FOR_VERIFICATION: Final = 0x81  # MSE P1
_SIGNATURE_TEMPLATE: Final = 0xB6  # MSE P2: the key that verifies certificates
_AUTHENTICATION_TEMPLATE: Final = 0xA4  # MSE P2: the terminal's own key
_PUBLIC_KEY_REFERENCE: Final = 0x83
_SELF_DESCRIPTIVE_CERTIFICATE: Final = 0xBE  # PSO P2


@dataclass(frozen=True, slots=True)
class AuthenticatedTerminal:
    """The card took the terminal's certificates and its signature.

    Attributes:
        trust_point: reference of the card's trust point the chain started from.
        holder: the terminal's reference.
        rights: low bits of the CHAT that were asked for; the card says nothing about them, and
            grants no more.
        presented: references of all certificates the card took, in order.
    """

    trust_point: bytes
    holder: bytes
    rights: int
    presented: tuple[bytes, ...]


def authenticate_terminal(
    chain: TerminalChain, *, sign: Sign, chip: ProvedChip, pace: PaceSession | None
) -> Flow[AuthenticatedTerminal]:
    """Show the card who asks: present ``chain``, sign the card's challenge.

    The flow protects itself with the session of chip authentication, outside of which no card
    takes it.

    Args:
        chain: from ``choose_chain``: it begins under a trust point of this card.
        sign: signs with the key of the last certificate.
        chip: the chip authentication this runs under; its session is used.
        pace: the PACE run chip authentication ran under; None when there was none, and then the
            static key of the chip stands for the card.

    Raises:
        StatusError: the card refused a certificate (6300, named in the message), knows no such
            trust point (6A88), or refused the signature (6300).
        MalformedDataError: a challenge that has not 8 octets.
        AuthenticationError: secure messaging broke.

    Source: TR-03110-3 B.3, B.11.4 to B.11.8; card.md 5; vector ``eac2_worked_example_ecdh.json``.
    """
    id_picc = chip.chip_x if pace is None else pace.card_x
    terminal_x = chip.terminal_x
    return (
        yield from protect(
            _authenticate(chain, sign=sign, id_picc=id_picc, terminal_x=terminal_x), chip.session
        )
    )


def signed_message(*, id_picc: bytes, r_picc: bytes, terminal_x: bytes) -> bytes:
    """Return ID_PICC ‖ r_PICC ‖ Comp(PK_PCD), what a terminal signs in version 1.

    Args:
        id_picc: x of the card's ephemeral key of PACE, or of its static key without PACE.
        r_picc: the card's challenge, 8 octets.
        terminal_x: x of the terminal's ephemeral key of chip authentication.

    Source: TR-03110-3 B.3.
    """
    return id_picc + r_picc + terminal_x


def _authenticate(
    chain: TerminalChain, *, sign: Sign, id_picc: bytes, terminal_x: bytes
) -> Flow[AuthenticatedTerminal]:
    for certificate in chain.certificates:
        yield from _present(certificate)
    (yield _set(_AUTHENTICATION_TEMPLATE, chain.holder)).expect_ok("MSE:Set AT for the terminal")
    r_picc = yield from _get_challenge()
    signature = sign(signed_message(id_picc=id_picc, r_picc=r_picc, terminal_x=terminal_x))
    (yield CommandAPDU(cla=0x00, ins=Ins.EXTERNAL_AUTHENTICATE, data=signature)).expect_ok(
        "terminal authentication"
    )
    return AuthenticatedTerminal(
        trust_point=chain.car,
        holder=chain.holder,
        rights=chain.rights,
        presented=tuple(certificate.chr for certificate in chain.certificates),
    )


def _present(certificate: PresentableCertificate) -> Flow[None]:
    (yield _set(_SIGNATURE_TEMPLATE, certificate.car)).expect_ok(
        f"MSE:Set DST {_text(certificate.car)}"
    )
    command = CommandAPDU(
        cla=0x00,
        ins=Ins.PERFORM_SECURITY_OPERATION,
        p2=_SELF_DESCRIPTIVE_CERTIFICATE,
        data=certificate.content,
    )
    response = yield from send_long(command, part_size=SHORT_NC)
    response.expect_ok(f"the certificate of {_text(certificate.chr)}")


def _set(template: int, reference: bytes) -> CommandAPDU:
    return CommandAPDU(
        cla=0x00,
        ins=Ins.MANAGE_SECURITY_ENVIRONMENT,
        p1=_SET_FOR_VERIFICATION,
        p2=template,
        data=encode_object(_PUBLIC_KEY_REFERENCE, reference),
    )


def _get_challenge() -> Flow[bytes]:
    command = CommandAPDU(cla=0x00, ins=Ins.GET_CHALLENGE, ne=CHALLENGE_LEN)
    r_picc = (yield command).expect_ok("the challenge for terminal authentication")
    if len(r_picc) != CHALLENGE_LEN:
        raise MalformedDataError(f"the card's challenge has {len(r_picc)} octets, not 8")
    return r_picc


def _text(reference: bytes) -> str:
    return reference.decode("iso-8859-1")
