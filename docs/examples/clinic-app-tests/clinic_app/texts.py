"""The texts of a policy card as they stand on it: read at once, and proved by nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cardservice.transport.link import CardLink

SELECT_HOLDER = bytes.fromhex("00A4040C07") + b"FOMS_ID"
SELECT_OWNER_FILE = bytes.fromhex("00A4020C020201")
BLOCK = 0xF0
MOST = 0x0800  # octets of texts; a photo lies behind them, and we stop there
DONE = (b"\x90\x00", b"\x62\x82", b"\x6b\x00")  # the last two at the end of a file
MORE, WRONG_LENGTH = 0x61, 0x6C
GET_RESPONSE = bytes.fromhex("00C00000")
OWNER, POLICY_NUMBER, SURNAME, GIVEN_NAME, PATRONYMIC = 0x62, 0x5F26, 0x5F21, 0x5F22, 0x5F23
PHOTO = 0x7F40


class NotReadError(Exception):
    """The card shows no such texts to just anybody, or what arrived makes no sense."""


@dataclass(frozen=True)
class Texts:
    """What the front desk sees while the card is still being examined."""

    policy_number: str
    name: str


def read_texts(card: CardLink) -> Texts:
    """Return the holder's policy number and name; raise NotReadError if there are none."""
    for command in (SELECT_HOLDER, SELECT_OWNER_FILE):
        _ask(card, command)
    fields = _fields(_read_file(card))
    try:
        names = [fields[tag].decode() for tag in (SURNAME, GIVEN_NAME, PATRONYMIC) if tag in fields]
        return Texts(fields[POLICY_NUMBER].decode(), " ".join(names))
    except (KeyError, UnicodeDecodeError) as error:
        raise NotReadError("the owner file makes no sense") from error


def _read_file(card: CardLink) -> bytes:
    octets = b""
    while len(octets) < MOST:
        part = _ask(card, bytes((0x00, 0xB0, *len(octets).to_bytes(2), BLOCK)))
        octets += part
        if len(part) < BLOCK:
            break
    return octets


def _ask(card: CardLink, command: bytes) -> bytes:
    """Return the data of the answer, however the card of the day hands them out."""
    answer = card.exchange(command)
    if answer[-2] == WRONG_LENGTH:  # so many are left, and no more
        answer = card.exchange(command[:-1] + answer[-1:])
    data = answer[:-2]
    while answer[-2] == MORE and len(data) < MOST:
        answer = card.exchange(GET_RESPONSE + answer[-1:])
        data += answer[:-2]
    if answer[-2:] not in DONE:
        raise NotReadError("the card refused")
    return data


def _fields(octets: bytes) -> Mapping[int, bytes]:
    for tag, value in _objects(octets):
        if tag == OWNER:
            return dict(_objects(value))
    raise NotReadError("this is no owner file")


def _objects(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tags and values; what is cut off behind the texts is a photo."""
    place = 0
    while place + 2 <= len(octets):
        tag_end = place + (2 if octets[place] & 0x1F == 0x1F else 1)
        tag, first = int.from_bytes(octets[place:tag_end]), octets[tag_end : tag_end + 1]
        long = first[0] & 0x7F if first and first[0] & 0x80 else 0
        length_end = tag_end + 1 + long
        length = int.from_bytes(octets[tag_end + 1 : length_end]) if long else (first or b"\0")[0]
        if tag == PHOTO:
            return
        yield tag, octets[length_end : length_end + length]
        place = length_end + length
