"""Terminal authentication version 1 at the card: which rights the terminal has.

Source: TR-03110-3 B.3 and B.11, C, D; card.md §5; standards.md §7.
"""

from dataclasses import dataclass, field

from simulators.card import image
from simulators.card.access import CHAT_RIGHTS
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.cv_certificate import (
    ID_TA_ECDSA_SHA_256,
    SIGNATURE_OCTETS,
    CvCertificate,
    Role,
    Tag,
    WrongSignatureError,
    parse_certificate,
    verify_signature,
)
from simulators.card.meter import Operation
from simulators.card.protocol_objects import MseTag, is_chained, parse_mse
from simulators.card.status import OK, SW, CommandRefusedError
from simulators.card.tlv import MalformedObjectError, encode_object
from simulators.card.trust_point import (
    Issuer,
    card_date,
    linked_trust_point,
    trusted_issuers,
)

CHALLENGE_OCTETS = 8
_CHALLENGE_NE = (8, 256)
VERIFY_CERTIFICATE = 0x00BE
_CERTIFICATE_OCTETS_MAX = 2_048
_DST_OBJECTS = frozenset({MseTag.REFERENCE})
_AT_OBJECTS = frozenset({MseTag.OID, MseTag.REFERENCE})

_ISSUES = {
    Role.CVCA: (Role.CVCA, Role.DOMESTIC_DV),
    Role.DOMESTIC_DV: (Role.TERMINAL,),
    Role.FOREIGN_DV: (),
    Role.TERMINAL: (),
}
"""Who may sign whom. There are no foreign DVs in this system."""


@dataclass(slots=True)
class TerminalAuthentication:
    """What the card knows of the terminal since the last chip authentication.

    ``id_picc`` and ``ephemeral_x`` (Comp(PK_PCD)) are 32 octets each and tie the terminal's
    signature to this session.
    """

    id_picc: bytes
    ephemeral_x: bytes
    verification_key: Issuer | None = None
    dv: Issuer | None = None
    imported: Issuer | None = None
    selected: Issuer | None = None
    rights: int = 0
    authenticated: bool = False


@dataclass(slots=True)
class CertificateChain:
    """Parts of a certificate that came in a chain of commands so far."""

    octets: bytes = field(repr=False)


def set_verification_key(chip: Chip, command: Command) -> bytes:
    """Choose the issuer key for the next certificate (MSE:Set DST)."""
    terminal = _after_chip_authentication(chip)
    name = parse_mse(command, _DST_OBJECTS).get(MseTag.REFERENCE)
    if name is None:
        raise CommandRefusedError(SW.WRONG_DATA)
    candidates = [*trusted_issuers(chip.image), *([terminal.dv] if terminal.dv else [])]
    chosen = [issuer for issuer in candidates if issuer.name == name]
    if not chosen:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    terminal.verification_key = chosen[0]
    return OK


def verify_certificate(chip: Chip, command: Command) -> bytes:
    """Import a certificate (PSO:VERIFY CERTIFICATE), given at once or in a chain."""
    if command.p1p2 != VERIFY_CERTIFICATE:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    before = chip.session.resumed
    content = before.octets if isinstance(before, CertificateChain) else b""
    content += command.data
    if len(content) > _CERTIFICATE_OCTETS_MAX:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    terminal = _after_chip_authentication(chip)
    issuer = terminal.verification_key
    if issuer is None:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    if is_chained(command):
        chip.session.pending = CertificateChain(content)
        return OK
    try:
        certificate = parse_certificate(content)
    except MalformedObjectError:
        raise CommandRefusedError(SW.WRONG_DATA) from None
    _check_certificate(chip, issuer, certificate)
    _import(chip, terminal, issuer, certificate, content)
    return OK


def set_terminal_key(chip: Chip, command: Command) -> bytes:
    """Choose the terminal that was just imported (MSE:Set AT)."""
    terminal = _after_chip_authentication(chip)
    objects = parse_mse(command, _AT_OBJECTS)
    oid = objects.get(MseTag.OID, ID_TA_ECDSA_SHA_256)
    if MseTag.REFERENCE not in objects or oid != ID_TA_ECDSA_SHA_256:
        raise CommandRefusedError(SW.WRONG_DATA)
    imported = terminal.imported
    if imported is None or imported.name != objects[MseTag.REFERENCE]:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    terminal.selected = imported
    return OK


def get_challenge(chip: Chip, command: Command) -> bytes:
    """Return 8 random octets, which serve one EXTERNAL AUTHENTICATE."""
    if command.p1p2:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    asked = not command.le_octets or command.wants_all or command.ne == CHALLENGE_OCTETS
    if command.data or not asked:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    challenge = chip.entropy.octets(CHALLENGE_OCTETS)
    chip.session.challenge = challenge
    return challenge + OK


def authenticate_terminal(chip: Chip, command: Command) -> bytes:
    """Give the terminal its rights for a right signature (EXTERNAL AUTHENTICATE)."""
    if command.p1p2:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    if len(command.data) != SIGNATURE_OCTETS:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    terminal = _after_chip_authentication(chip)
    challenge, chip.session.challenge = chip.session.challenge, None
    if challenge is None or terminal.selected is None:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    terminal.rights, terminal.authenticated = 0, False
    signed = terminal.id_picc + challenge + terminal.ephemeral_x
    chip.meter.count(Operation.VERIFY)
    try:
        verify_signature(terminal.selected.point, command.data, signed)
    except WrongSignatureError:
        raise CommandRefusedError(SW.AUTHENTICATION_FAILED) from None
    terminal.rights = terminal.selected.rights & CHAT_RIGHTS
    terminal.authenticated = True
    return OK


def _after_chip_authentication(chip: Chip) -> TerminalAuthentication:
    if chip.session.terminal is None:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    return chip.session.terminal


def _check_certificate(chip: Chip, issuer: Issuer, certificate: CvCertificate) -> None:
    """Refuse with 6300 a wrong CAR, role order, expiry or signature."""
    in_order = certificate.role in _ISSUES[issuer.role]
    is_link = certificate.role is Role.CVCA
    expired = certificate.expiry < card_date(chip.image) and not is_link
    late_link = is_link and not issuer.is_current
    if certificate.car != issuer.name or not in_order or expired or late_link:
        raise CommandRefusedError(SW.AUTHENTICATION_FAILED)
    chip.meter.count(Operation.VERIFY)
    try:
        verify_signature(issuer.point, certificate.signature, certificate.body)
    except WrongSignatureError:
        raise CommandRefusedError(SW.AUTHENTICATION_FAILED) from None


def _import(
    chip: Chip,
    terminal: TerminalAuthentication,
    issuer: Issuer,
    certificate: CvCertificate,
    content: bytes,
) -> None:
    """Take a verified certificate: what it changes for good is stored before the answer."""
    terminal.verification_key = None
    if certificate.role is Role.CVCA:
        encoded = encode_object(Tag.CERTIFICATE, content)
        chip.image.memory.transaction(linked_trust_point(chip.image, certificate, encoded))
        return
    if certificate.effective > card_date(chip.image):
        chip.image.memory.put(image.CARD_DATE, certificate.effective)
    rights = certificate.rights & issuer.rights
    taken = Issuer(certificate.chr, certificate.point, certificate.role, rights)
    if certificate.role is Role.TERMINAL:
        terminal.imported, terminal.selected = taken, None
    else:
        terminal.dv = taken
