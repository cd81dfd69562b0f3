"""A card that knows its lines: it says what it was told to and complains about anything else."""

from collections.abc import Callable, Iterable


class Script:
    """Plays pairs of command and response, both in hexadecimal, spaces allowed."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.left = [(bytes.fromhex(said), bytes.fromhex(answer)) for said, answer in pairs]

    def __call__(self, command: bytes) -> bytes:
        assert self.left, f"unexpected command {command.hex()}"
        expected, answer = self.left.pop(0)
        assert command.hex() == expected.hex()
        return answer


class Recorder:
    """Gives its answers in turn, whatever it is asked, and remembers what that was."""

    def __init__(self, answers: Iterable[str | bytes]) -> None:
        self.answers = [one if isinstance(one, bytes) else bytes.fromhex(one) for one in answers]
        self.sent: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        self.sent.append(command)
        return self.answers.pop(0)


class FileCard:
    """READ BINARY of one file, with the habits a card may have.

    Args:
        content: octets of the file.
        most: octets the card gives at most in one answer.
        end_word: status word of an answer that is shorter than asked for.
    """

    def __init__(self, content: bytes, *, most: int = 256, end_word: int = 0x6282) -> None:
        self.content = content
        self.most = most
        self.end_word = end_word
        self.sent: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        self.sent.append(command)
        assert command[1] == 0xB0
        offset = command[3] if command[2] & 0x80 else int.from_bytes(command[2:4])
        ne = _ne(command[4:])
        if offset >= len(self.content):
            return b"\x6b\x00"
        data = self.content[offset : offset + min(ne, self.most)]
        short = len(data) < ne and ne not in (256, 65_536)
        return data + (self.end_word if short else 0x9000).to_bytes(2)


def _ne(le: bytes) -> int:
    return int.from_bytes(le) or (256 if len(le) == 1 else 65_536)


def flipping(exchange: Callable[[bytes], bytes], *, octet: int) -> Callable[[bytes], bytes]:
    """Return ``exchange`` with one bit of the response's octet ``octet`` turned over."""

    def flipped(command: bytes) -> bytes:
        raw = bytearray(exchange(command))
        raw[octet] ^= 1
        return bytes(raw)

    return flipped
