"""A reader program that knows the field layer only, on top of other people's tools.

It selects by name, reads 256 octets at a time, takes what it gets and walks tags and lengths.
Nothing of this project is used.
"""

import re
import subprocess
from collections.abc import Callable, Iterator

LONGEST_RUN_S = 30
BLOCK = 256

Answer = tuple[bytes, int]
Send = Callable[[list[str]], list[Answer]]
"""Sends commands, hexadecimal, and returns data and status word of each answer."""

_HEX_COLUMNS = 48
_RECEIVED = re.compile(r"Received \(SW1=0x(..), SW2=0x(..)\)")


def opensc_tool(reader: str) -> Send:
    """Return what sends through ``opensc-tool -s``."""

    def send(commands: list[str]) -> list[Answer]:
        arguments = [part for command in commands for part in ("-s", command)]
        return list(_opensc_answers(_run(["opensc-tool", "-r", reader, *arguments])))

    return send


def scriptor(reader: str) -> Send:
    """Return what sends through ``scriptor``."""

    def send(commands: list[str]) -> list[Answer]:
        spaced = [" ".join(re.findall("..", command)) for command in commands]
        said = _run(["scriptor", "-r", reader, "-p", "T=1"], said="\n".join(spaced) + "\n")
        answers = re.findall(r"^< ((?:[0-9A-F]{2}\s+)+)", said, re.MULTILINE)
        octets = [bytes.fromhex(answer) for answer in answers]
        return [(one[:-2], int.from_bytes(one[-2:])) for one in octets]

    return send


def _run(arguments: list[str], *, said: str = "") -> str:
    done = subprocess.run(
        arguments,
        input=said,
        capture_output=True,
        text=True,
        encoding="latin-1",
        timeout=LONGEST_RUN_S,
        check=True,
    )
    return done.stdout


def _opensc_answers(output: str) -> Iterator[Answer]:
    for part in output.split("Sending: ")[1:]:
        lines = part.splitlines()
        at, word = next((n, found) for n, line in enumerate(lines) if (found := _word(line)))
        yield _dumped(lines[at + 1 :]), word


def _dumped(lines: list[str]) -> bytes:
    """Return the octets of a dump: 16 a line as ``XX ``, filled up with spaces, then as text."""
    if len(lines) == 1:
        # A dump of one line is not filled up: three columns an octet, and one of text.
        return bytes.fromhex(lines[0][: len(lines[0]) // 4 * 3])
    return bytes.fromhex("".join(line[:_HEX_COLUMNS] for line in lines))


def _word(line: str) -> int | None:
    found = _RECEIVED.match(line)
    return None if found is None else int(found[1] + found[2], 16)


def select(aid: str) -> str:
    """Return the SELECT of an application, hexadecimal."""
    name = aid.encode("ascii")
    return f"00A4040C{len(name):02X}{name.hex()}"


def read_whole(send: Send, selects: list[str]) -> bytes:
    """Return the file that ``selects`` lead to, read in steps of 256 octets from its start."""
    first = send([*selects, "00B0000000"])[-1][0]
    size = _end_of(first, 0)
    reads = [f"00B0{offset:04X}00" for offset in range(0, size, BLOCK)]
    blocks = send([*selects, *reads])[len(selects) :]
    return b"".join(data for data, _ in blocks)[:size]


def fields(octets: bytes) -> dict[str, bytes]:
    """Return the values of all objects below the file's only one, by path of tags."""
    found: dict[str, bytes] = {}
    _walk(octets, "", found)
    return found


def _walk(octets: bytes, path: str, found: dict[str, bytes]) -> None:
    position = 0
    while position < len(octets):
        tag_octets = 2 if octets[position] & 0x1F == 0x1F else 1
        tag = octets[position : position + tag_octets].hex().upper()
        value, end = _value_at(octets, position + tag_octets)
        name = f"{path}/{tag}" if path else tag
        found[name] = octets[value:end]
        if octets[position] & 0x20:
            _walk(octets[value:end], name, found)
        position = end


def _value_at(octets: bytes, position: int) -> tuple[int, int]:
    first = octets[position]
    count = first & 0x7F if first & 0x80 else 0
    size = int.from_bytes(octets[position + 1 : position + 1 + count]) if count else first
    start = position + 1 + count
    return start, start + size


def _end_of(octets: bytes, position: int) -> int:
    return _value_at(octets, position + 1)[1]
