"""Conversations up to an interesting point; from there on the fuzzer speaks.

Inside a session it speaks with the session's keys: its commands pass the MAC and meet what is
behind. A command that is none goes to the card as it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.card_access import choose_pace, parse_card_access
from cardservice.channel.chip_authentication import ProvedChip, authenticate_chip
from cardservice.channel.flow import Protection, drive
from cardservice.channel.pace import establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.reading import select_application
from cardservice.channel.scp03.keys import StaticKeys
from cardservice.channel.scp03.opening import open_session
from cardservice.channel.security_infos import encode_card_access
from cardservice.channel.terminal_authentication import authenticate_terminal
from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.errors import MalformedDataError, PeerError, UsageError
from cardservice.pki.cv.keys import plain_signer
from fuzz import issuing
from fuzz.cards import CAN, CHIP_POINT, KEYS, blank_card, keyless_card, made_card
from simulators.card import Interface, SoftwareCard
from simulators.card.image import KeySet, LifeCycle, Profile

_ROOT: Final = b"foms_root"
_TERMINAL_SCALAR: Final = 987_654
_MAP_SCALAR, _AGREE_SCALAR = 1_234, 5_678
_ALL_RIGHTS: Final = 7


@dataclass
class Scene:
    """A card at some point of a conversation.

    Attributes:
        card: as it is there.
        session: what the terminal has, None when nothing protects the line.
        may_write: whoever got here has keys or rights to change the card's contents.
        may_read: whoever got here may see the holder's data.
    """

    card: SoftwareCard = field(repr=False)
    session: Protection | None = None
    may_write: bool = False
    may_read: bool = False

    def say(self, octets: bytes) -> tuple[bytes, bytes]:
        """Send a command; return the answer on the line and, as far as it opens, its content."""
        wrapped = self._wrapped(octets)
        answer = self.card.execute(octets if wrapped is None else wrapped)
        return answer, self._opened(answer, is_wrapped=wrapped is not None)

    def _wrapped(self, octets: bytes) -> bytes | None:
        if self.session is None:
            return None
        try:
            return self.session.wrap(CommandAPDU.parse(octets)).encode()
        except (MalformedDataError, UsageError):
            return None

    def _opened(self, answer: bytes, *, is_wrapped: bool) -> bytes:
        if not is_wrapped or self.session is None:
            return answer
        try:
            return self.session.unwrap(ResponseAPDU.parse(answer)).data
        except PeerError:
            self.session = None
            return answer


def _on_contact(
    profile: Profile = Profile.FIELD, life_cycle: LifeCycle = LifeCycle.PERSONALIZED
) -> Callable[[], Scene]:
    may_read = profile is Profile.FIELD and life_cycle is LifeCycle.PERSONALIZED
    return lambda: Scene(made_card(profile=profile, life_cycle=life_cycle), may_read=may_read)


def _in_range(profile: Profile = Profile.FIELD) -> SoftwareCard:
    return made_card(profile=profile, interface=Interface.CONTACTLESS)


def _in_scp03(make: Callable[[], SoftwareCard], keys: KeySet) -> Scene:
    card = make()
    drive(select_application(_ROOT), card.execute)
    static_keys = StaticKeys(keys.key_enc, keys.key_mac, keys.key_dek)
    flow = open_session(static_keys, key_version=0, host_challenge=bytes(8))
    return Scene(card, drive(flow, card.execute), may_write=True, may_read=True)


def _blank_in_scp03() -> Scene:
    return _in_scp03(keyless_card, KEYS)


def _made_in_scp03() -> Scene:
    return _in_scp03(made_card, KEYS)


def _after_initialize_update() -> Scene:
    card = made_card()
    drive(select_application(_ROOT), card.execute)
    card.execute(bytes.fromhex("8050310008") + bytes(8))
    return Scene(card, may_read=True)


def _proved(card: SoftwareCard) -> ProvedChip:
    ephemeral = ec.derive_private_key(_TERMINAL_SCALAR, ec.SECP256R1())
    unproved = drive(authenticate_chip(CHIP_POINT, ephemeral=ephemeral), card.execute)
    return drive(unproved.prove(select_application(_ROOT)), card.execute)[0]


def _after_chip_authentication() -> Scene:
    card = _in_range()
    return Scene(card, _proved(card).session)


def _after_terminal_authentication() -> Scene:
    card = _in_range()
    chip = _proved(card)
    chain = TerminalChain(issuing.chain()[1:], rights=_ALL_RIGHTS)
    sign = plain_signer(issuing.key("terminal"))
    drive(authenticate_terminal(chain, sign=sign, chip=chip, pace=None), card.execute)
    return Scene(card, chip.session, may_write=True, may_read=True)


def _after_pace() -> Scene:
    card = _in_range(Profile.PRIVATE)
    flow = establish_pace(
        choose_pace(parse_card_access(encode_card_access())),
        password=PacePassword.can(CAN.decode()),
        map_scalar=_MAP_SCALAR,
        ephemeral_scalar=_AGREE_SCALAR,
    )
    return Scene(card, drive(flow, card.execute).session, may_read=True)


def _inside_pace() -> Scene:
    """After the nonce: the fuzzer's keys and tokens come next."""
    card = _in_range()
    card.execute(bytes.fromhex("0022C1A40F800A04007F00070202040202830102"))
    card.execute(bytes.fromhex("10860000027C0000"))
    return Scene(card)


SCENES: Final[tuple[Callable[[], Scene], ...]] = (
    lambda: Scene(blank_card(), may_read=True),
    _on_contact(),
    _on_contact(Profile.PROTECTED),
    _on_contact(Profile.PRIVATE),
    _on_contact(life_cycle=LifeCycle.BLOCKED),
    _on_contact(life_cycle=LifeCycle.TERMINATED),
    lambda: Scene(_in_range()),
    lambda: Scene(_in_range(Profile.PRIVATE)),
    _after_initialize_update,
    _blank_in_scp03,
    _made_in_scp03,
    _after_chip_authentication,
    _after_terminal_authentication,
    _after_pace,
    _inside_pace,
)
"""The first octet of an input chooses one, modulo their number: add new ones at the end."""
