"""Values in plain words. Every function takes any octets; None says they have not that form."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

from simulators.card.image import LifeCycle, Profile
from simulators.cardmap.headers import objects_of
from simulators.cardmap.oids import ABBREVIATIONS, NAMES, dotted
from simulators.cardmap.spans import Phrase
from simulators.cardmap.words import Says

_DATE_OCTETS = 4
_CV_DATE_OCTETS = 6
_NO_DATES: Final = (bytes(_DATE_OCTETS), bytes.fromhex("01011900"))
_NUMBER_OCTETS_MAX = 20  # serial numbers of certificates, RFC 5280 4.1.2.2
_DIGIT_MAX = 9
_UTC_TIME, _GENERALIZED_TIME = len("YYMMDDhhmmssZ"), len("YYYYMMDDhhmmssZ")
_PIVOT_YEAR = "50"  # RFC 5280 4.1.2.5.1: 50 and later is the last century
_INTEGER, _OID = 0x02, 0x06


def text(value: bytes) -> Phrase | None:
    """UTF-8; what a terminal or page would obey instead of showing is shown as a number."""
    try:
        decoded = value.decode()
    except UnicodeDecodeError:
        return None
    return Phrase(Says.TEXT, (visible(decoded),))


def digits(value: bytes) -> Phrase | None:
    """ASCII digits."""
    return Phrase(Says.NUMBER, (value.decode(),)) if value.isdigit() else None


def date(value: bytes) -> Phrase | None:
    """BCD DDMMYYYY in 4 octets; whether there is such a day is not judged."""
    shown = value.hex()
    if len(value) != _DATE_OCTETS or not shown.isdecimal():
        return None
    return Phrase(Says.DATE, (shown[:2], shown[2:4], shown[4:]))


def expiry_date(value: bytes) -> Phrase | None:
    """Like ``date``; zeros and 01.01.1900 are no end. Source: card.md §2."""
    return Phrase(Says.UNLIMITED) if value in _NO_DATES else date(value)


def cv_date(value: bytes) -> Phrase | None:
    """YYMMDD, a digit an octet. Source: TR-03110-3 D.2.1.3."""
    if len(value) != _CV_DATE_OCTETS or max(value) > _DIGIT_MAX:
        return None
    shown = "".join(map(str, value))
    return Phrase(Says.DATE, (shown[4:], shown[2:4], "20" + shown[:2]))


def number(value: bytes) -> Phrase | None:
    """An unsigned big-endian number."""
    if not 1 <= len(value) <= _NUMBER_OCTETS_MAX:
        return None
    return Phrase(Says.NUMBER, (str(int.from_bytes(value, "big")),))


def one_of(table: Mapping[int, str]) -> Callable[[bytes], Phrase | None]:
    """Return a reader of one octet that stands for what the table says."""

    def read(value: bytes) -> Phrase | None:
        known = table.get(value[0]) if len(value) == 1 else None
        return Phrase(known) if known else None

    return read


sex = one_of({1: Says.MALE, 2: Says.FEMALE})
photo_format = one_of({1: Says.JPEG, 2: Says.JPEG_2000})
life_cycle = one_of(
    {
        LifeCycle.BLANK: Says.BLANK,
        LifeCycle.PERSONALIZED: Says.PERSONALIZED,
        LifeCycle.BLOCKED: Says.BLOCKED,
        LifeCycle.TERMINATED: Says.TERMINATED,
    }
)
profile = one_of(
    {
        Profile.FIELD: Says.FIELD,
        Profile.PROTECTED: Says.PROTECTED,
        Profile.PRIVATE: Says.PRIVATE,
    }
)
descriptor = one_of({1: Says.TRANSPARENT})
boolean = one_of({0x00: Says.NO, 0xFF: Says.YES})


def hexadecimal(value: bytes) -> Phrase:
    """Octets that are a name and no number."""
    return Phrase(Says.NUMBER, (value.hex().upper(),))


def picture(value: bytes) -> Phrase:
    """How long, and a digest by which two pictures can be told apart."""
    return Phrase(Says.PICTURE, (str(len(value)), sha256(value).hexdigest()))


def ecdsa(value: bytes) -> Phrase | None:
    """Two halves of the same width. Source: TR-03111 5.2.1."""
    half, odd = divmod(len(value), 2)
    return None if odd or not half else Phrase(Says.ECDSA, (str(half), str(half)))


def point(value: bytes) -> Phrase | None:
    """04, x, y. Source: SEC 1 2.3.3."""
    half, odd = divmod(len(value) - 1, 2)
    if odd or half < 1 or value[0] != 4:
        return None
    return Phrase(Says.POINT, (str(half), str(half)))


def bit_string_point(value: bytes) -> Phrase | None:
    """A point after the octet that says how many bits are unused."""
    return point(value[1:])


def insurer_file(value: bytes) -> Phrase | None:
    """The pointer: the id of the current insurer EF."""
    return Phrase(Says.FILE_OF, (value.hex().upper(),)) if len(value) == 2 else None


def sfi(value: bytes) -> Phrase | None:
    """The SFI in the five high bits; an empty value is none."""
    if len(value) > 1:
        return None
    return Phrase(Says.NUMBER, (f"{value[0] >> 3:02X}",)) if value else Phrase(Says.NO_SFI)


def max_lengths(value: bytes) -> Phrase | None:
    """Two numbers, for a command and for a response. Source: ISO/IEC 7816-4 12.7.1."""
    sizes = [str(int.from_bytes(one, "big")) for _, one in objects_of(value)]
    return Phrase(Says.MAX_LENGTHS, tuple(sizes)) if len(sizes) == 2 else None


def oid(value: bytes) -> Phrase | None:
    """The identifier, by its name where it has a known one."""
    dots = dotted(value)
    if dots is None:
        return None
    name = NAMES.get(dots)
    return Phrase(Says.NAMED, (name, dots)) if name else Phrase(Says.NUMBER, (dots,))


def first_oid(value: bytes) -> Phrase | None:
    """Of a sequence that begins with an identifier: that one."""
    tag, content = next(objects_of(value), (0, b""))
    return oid(content) if tag == _OID else None


def moment(value: bytes) -> Phrase | None:
    """UTCTime or GeneralizedTime in Zulu with seconds. Source: RFC 5280 4.1.2.5."""
    shown, end = value[:-1].decode("ascii", "replace"), value[-1:]
    if not shown.isdecimal() or not shown.isascii() or end != b"Z":
        return None
    if len(value) == _UTC_TIME:
        shown = ("20" if shown[:2] < _PIVOT_YEAR else "19") + shown
    elif len(value) != _GENERALIZED_TIME:
        return None
    pairs = (shown[at : at + 2] for at in range(4, len(shown), 2))
    return Phrase(Says.MOMENT, (shown[:4], *pairs))


def x509_name(value: bytes) -> Phrase | None:
    """The attributes of a Name in the order they stand, as RFC 4514 writes one of them."""
    shown = []
    for _, relative in objects_of(value):
        for _, attribute in objects_of(relative):
            fields = [content for _, content in objects_of(attribute)]
            if len(fields) != 2 or (kind := dotted(fields[0])) is None:
                return None
            said = visible(fields[1].decode(errors="replace"))
            shown.append(f"{ABBREVIATIONS.get(kind, kind)}={said}")
    return Phrase(Says.NUMBER, (", ".join(shown),)) if shown else None


def signer(value: bytes) -> Phrase | None:
    """issuerAndSerialNumber: whose certificate, and which of them."""
    fields = [content for _, content in objects_of(value)]
    if len(fields) != 2 or (name := x509_name(fields[0])) is None:
        return None
    return Phrase(Says.SIGNER, (name, hexadecimal(fields[1])))


_ROLES: Final = (Says.TERMINAL, Says.FOREIGN_DV, Says.DOMESTIC_DV, Says.CVCA)
_ROLE_SHIFT = 6
_RIGHTS: Final = ((1, Says.READ_HOLDER), (2, Says.READ_HISTORY), (4, Says.WRITE_INSURER))


def chat_rights(value: bytes) -> Phrase | None:
    """Role in the two high bits, rights in the low ones. Source: card.md §5."""
    if len(value) != 1:
        return None
    granted = [Phrase(says) for bit, says in _RIGHTS if value[0] & bit]
    pattern = ", ".join("{}" for _ in granted)
    rights = Phrase(pattern, tuple(granted)) if granted else Phrase(Says.NO_RIGHTS)
    return Phrase(Says.CHAT, (Phrase(_ROLES[value[0] >> _ROLE_SHIFT]), rights))


def first_octets_of(value: bytes, tag: int = _INTEGER) -> bytes | None:
    """Return the value of the first object when it has that tag, to choose a shape by."""
    found, content = next(objects_of(value), (None, b""))
    return content if found == tag else None


def oid_in(value: bytes) -> str | None:
    """Return the identifier a sequence begins with, to choose a shape by."""
    content = first_octets_of(value, _OID)
    return None if content is None else dotted(content)


def visible(decoded: str) -> str:
    """Return the text with what would steer a terminal or turn its direction as numbers."""
    return "".join(one if one.isprintable() else f"⟨{ord(one):04X}⟩" for one in decoded)
