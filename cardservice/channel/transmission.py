"""Transmission above the single exchange: 61XX and 6CXX (ISO/IEC 7816-4, 5.3.4; 7816-3, 12.2).

The policy card answers neither 61XX nor 6CXX, cards in the field and readers on T=0 do.
"""

from collections.abc import Generator
from dataclasses import replace
from typing import Final, TypeVar

from cardservice.apdu.class_byte import class_of_get_response
from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import MAX_NR, ResponseAPDU
from cardservice.apdu.status import more_available, right_ne
from cardservice.errors import MalformedDataError

T = TypeVar("T")
# The same type as ``flow.Flow``, which stands on this module and so cannot be imported here.
Flow = Generator[CommandAPDU, ResponseAPDU, T]

MAX_GET_RESPONSES: Final = 512
"""65,536 octets, the most a command can ask for, in the smallest parts that cards send (128)."""


def completed(flow: Flow[T]) -> Flow[T]:
    """Run ``flow`` so that it never sees 61XX or 6CXX of the link; the outermost adapter.

    Raises:
        MalformedDataError: the card goes on announcing octets without end.
    """
    try:
        command = next(flow)
        while True:
            command = flow.send((yield from transmit(command)))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        flow.close()


def transmit(command: CommandAPDU) -> Flow[ResponseAPDU]:
    """Send ``command``; repeat it once after 6CXX, fetch the rest after 61XX; return it whole.

    Raises:
        MalformedDataError: more than 65,536 octets or 512 parts, or a part without an octet.
    """
    response = yield command
    ne = right_ne(response.sw)
    # With data it is a protected answer, and belongs to those who can open it.
    if ne is not None and not response.data:
        # Once only: a card that corrects its own correction would keep us here for ever.
        response = yield replace(command, ne=ne)
    if more_available(response.sw) is None:
        return response
    return (yield from _fetch_rest(command, response))


def _fetch_rest(command: CommandAPDU, first: ResponseAPDU) -> Flow[ResponseAPDU]:
    data, response = bytearray(first.data), first
    for _ in range(MAX_GET_RESPONSES):
        ne = more_available(response.sw)
        if ne is None:
            return ResponseAPDU(bytes(data), response.sw)
        cla = class_of_get_response(command.cla)
        response = yield CommandAPDU(cla=cla, ins=Ins.GET_RESPONSE, ne=ne)
        shorter = right_ne(response.sw)
        if shorter is not None:
            response = yield CommandAPDU(cla=cla, ins=Ins.GET_RESPONSE, ne=shorter)
        data += response.data
        stalled = not response.data and more_available(response.sw) is not None
        if stalled or len(data) > MAX_NR:
            raise MalformedDataError("the card announces octets that it does not send")
    raise MalformedDataError(f"the card announces more octets after {MAX_GET_RESPONSES} parts")
