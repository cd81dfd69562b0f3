"""Command chaining: long data in parts (ISO/IEC 7816-4:2013, 5.3.3)."""

from dataclasses import replace

from cardservice.apdu.class_byte import CHAINING
from cardservice.apdu.command import MAX_SHORT_NC, CommandAPDU
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.channel.flow import Flow
from cardservice.errors import UsageError


def send_long(command: CommandAPDU, *, part_size: int = MAX_SHORT_NC) -> Flow[ResponseAPDU]:
    """Send ``command``, in a chain of parts when its data exceed ``part_size`` octets.

    A card that answers the first part with 6884 knows no chaining: it is then sent the whole
    command once, with extended length.

    Returns:
        The response to the last part (or to the whole command), whatever its status word.

    Raises:
        StatusError: the card refused a part before the last, e.g. 6883, chain dropped.
        UsageError: ``part_size`` below 1, or a command that is part of a chain already.

    Source: ISO/IEC 7816-4:2013 5.3.3.
    """
    if part_size < 1 or command.cla & CHAINING:
        raise UsageError("a chain needs parts of an octet at least, and is not chained itself")
    data = command.data
    if len(data) <= part_size:
        return (yield command)
    for start in range(0, len(data) - part_size, part_size):
        part = data[start : start + part_size]
        response = yield replace(command, cla=command.cla | CHAINING, data=part, ne=0)
        if start == 0 and response.sw == SW.CHAINING_NOT_SUPPORTED:
            return (yield command)
        response.expect_ok(f"part of a chained command at octet {start}")
    last = (len(data) - 1) // part_size * part_size
    return (yield replace(command, data=data[last:]))
