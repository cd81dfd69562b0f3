"""What a holder types at the station, and how it is shown to the card (card.md §7)."""

from dataclasses import dataclass, field, fields
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.channel.flow import Flow
from cardservice.personalization.after_issue_refusals import code_malformed, needed, wrong_code

_HOLDER_PIN: Final = 0x01  # P2
_CODE_LEN: Final = 8  # octets of a PIN or PUK in a command
_FILLER: Final = b"\xff"
_TRIES_LEFT: Final = 0x63C0
_TRIES: Final = 0x000F
_LENGTHS: Final = {
    "pin": (range(4, 9), "4 to 8"),
    "new_pin": (range(4, 9), "4 to 8"),
    "puk": (range(8, 9), "8"),
    "can": (range(6, 7), "6"),
}
_TYPED: Final = "the holder types it"


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderInput:
    """What was typed for one card, ASCII digits; let go of it soon.

    Attributes:
        pin: the card's, for a change of insurer, 4 to 8 digits.
        puk: the card's, to unblock its PIN, 8 digits.
        new_pin: what the PIN is to be then, 4 to 8 digits.
        can: printed on the card, 6 digits; for cards that show nothing without it.

    Raises:
        Refusal: ``code-malformed``; so a slip of the hand costs no try.
    """

    pin: str | None = field(default=None, repr=False)
    puk: str | None = field(default=None, repr=False)
    new_pin: str | None = field(default=None, repr=False)
    can: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Judge the form of what is there; the digits are in no message."""
        for one in fields(self):
            value, (lengths, words) = getattr(self, one.name), _LENGTHS[one.name]
            if value is not None and not _is_code(value, lengths):
                raise code_malformed(one.name, words)

    def require_pin(self) -> str:
        """Return the PIN; Raises: Refusal ``pin-needed``."""
        if self.pin is None:
            raise needed("pin", _TYPED)
        return self.pin

    def require_unblocking(self) -> tuple[str, str]:
        """Return PUK and new PIN; Raises: Refusal ``puk-needed``, ``new-pin-needed``."""
        if self.puk is None:
            raise needed("puk", _TYPED)
        if self.new_pin is None:
            raise needed("new-pin", _TYPED)
        return self.puk, self.new_pin


NOTHING_TYPED: Final = HolderInput()


def verify_pin(pin: str) -> Flow[None]:
    """Show the card its holder's PIN; run it under secure messaging.

    Raises:
        WrongCodeError: ``pin-wrong`` with the tries left, ``pin-blocked``.
        StatusError: any other refusal.

    Source: card.md §7, VERIFY; ISO/IEC 7816-4:2013 11.5.6.
    """
    command = CommandAPDU(cla=0x00, ins=Ins.VERIFY, p2=_HOLDER_PIN, data=_coded(pin))
    _expect((yield command), "pin", "VERIFY")


def reset_retry_counter(puk: str, new_pin: str) -> Flow[None]:
    """Give the card a new PIN by its PUK; PIN and PUK have all their tries then.

    Run it under secure messaging. Doing it twice comes to the same.

    Raises:
        WrongCodeError: ``puk-wrong`` with the tries left, ``puk-blocked``.
        StatusError: any other refusal.

    Source: card.md §7, RESET RETRY COUNTER; ISO/IEC 7816-4:2013 11.5.10.
    """
    data = _coded(puk) + _coded(new_pin)
    command = CommandAPDU(cla=0x00, ins=Ins.RESET_RETRY_COUNTER, p2=_HOLDER_PIN, data=data)
    _expect((yield command), "puk", "RESET RETRY COUNTER")


def _expect(response: ResponseAPDU, name: str, doing: str) -> None:
    if response.sw & ~_TRIES == _TRIES_LEFT:
        raise wrong_code(name, response.sw & _TRIES)
    if response.sw == SW.AUTHENTICATION_METHOD_BLOCKED:
        raise wrong_code(name, 0)
    response.expect_ok(doing)


def _coded(digits: str) -> bytes:
    return digits.encode("ascii").ljust(_CODE_LEN, _FILLER)


def _is_code(text: str, lengths: range) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()
