"""Response APDUs."""

from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.status import MORE_AVAILABLE_CLASS, SW, WARNING_CLASSES, meaning_of, name_of
from cardservice.errors import MalformedDataError, StatusError

__all__ = ["MAX_NR", "SW", "ResponseAPDU", "name_of"]

SW_LEN: Final = 2
MAX_NR: Final = 0x1_0000  # no Ne asks for more


@dataclass(frozen=True, slots=True)
class ResponseAPDU:
    """One answer.

    Attributes:
        data: response data field, Nr octets, 0..65536. Not in the repr: it may hold a name.
        sw: status word, SW1 and SW2 as one number.
    """

    data: bytes = field(repr=False)
    sw: int

    @classmethod
    def parse(cls, raw: bytes) -> "ResponseAPDU":
        """Return the response that ``raw`` encodes.

        Raises:
            MalformedDataError: no status word, or more data than any command can ask for.
        """
        if not SW_LEN <= len(raw) <= MAX_NR + SW_LEN:
            raise MalformedDataError(
                f"a response has 2 to {MAX_NR + SW_LEN} octets, not {len(raw)}"
            )
        return cls(raw[:-SW_LEN], int.from_bytes(raw[-SW_LEN:]))

    def encode(self) -> bytes:
        """Return data and status word."""
        return self.data + self.sw.to_bytes(SW_LEN)

    @property
    def is_warning(self) -> bool:
        """True for 62xx and 63xx."""
        return self.sw >> 8 in WARNING_CLASSES

    @property
    def is_error(self) -> bool:
        """True unless 9000, 61xx, 62xx or 63xx."""
        sw1 = self.sw >> 8
        return self.sw != SW.OK and sw1 != MORE_AVAILABLE_CLASS and sw1 not in WARNING_CLASSES

    def expect(self, doing: str, *accepted: int) -> bytes:
        """Return the data field if the status word is one of ``accepted``.

        Raises:
            StatusError: another status word; the message names what was being done.
        """
        if self.sw in accepted:
            return self.data
        words = f"{name_of(self.sw)}: {meaning_of(self.sw)}".removesuffix(": ")
        raise StatusError(self.sw, f"{doing}: SW={self.sw:04X} ({words})")

    def expect_ok(self, doing: str) -> bytes:
        """Return the data field, or raise ``StatusError`` naming what was being done."""
        return self.expect(doing, SW.OK)
