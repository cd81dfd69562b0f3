"""Objects in a fixed order: the one grammar of certificates, requests and keys."""

from collections.abc import Collection, Sequence

from cardservice.apdu.tlv import Entry, scan
from cardservice.errors import MalformedDataError

Members = dict[int, Entry]


def in_order(
    octets: bytes,
    expected: Sequence[int],
    *,
    optional: Collection[int] = (),
    inside: Entry | None = None,
) -> Members:
    """Return where each of the ``expected`` objects lies, by tag.

    Lengths need not be minimal: there are such certificates, under good signatures. So a member
    is always taken from the octets received and never encoded anew.

    Args:
        octets: what the objects lie in.
        expected: their tags in the one right order.
        optional: tags that may be left out.
        inside: the object whose value they fill; all of ``octets`` when absent.

    Raises:
        MalformedDataError: an object that is missing, doubled, unknown or out of order, or bad
            coding.
    """
    start, end = (inside[2], inside[3]) if inside else (0, len(octets))
    entries = scan(octets, start, end)
    found: Members = {}
    for tag in expected:
        if entries and entries[0][0] == tag:
            found[tag] = entries.pop(0)
        elif tag not in optional:
            raise MalformedDataError(f"object {tag:X} is missing or out of order")
    if entries:
        raise MalformedDataError(f"object {entries[0][0]:X} does not belong there")
    return found


def value(octets: bytes, entry: Entry) -> bytes:
    """Return the value of the object at ``entry``."""
    return octets[entry[2] : entry[3]]


def whole(octets: bytes, entry: Entry) -> bytes:
    """Return the object at ``entry`` with its header, as received."""
    return octets[entry[1] : entry[3]]
