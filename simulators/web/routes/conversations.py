"""Commands to cards in readers of this process, for programs without PC/SC."""

from typing import Final

from fastapi import APIRouter

from simulators.web.context import Moved
from simulators.web.models import Answer, Command, Reset

router = APIRouter(prefix="/readers", tags=["conversations"])

_SW_OCTETS: Final = 2


@router.post("/{name}/apdu")
def send_command(name: str, wish: Command, moved: Moved) -> Answer:
    """Return the card's answer.

    The first command begins a conversation that lasts as long as the card stays; a card that left
    is told once, by the problem `card-gone`.
    """
    answer = moved.conversations.exchange(name, bytes.fromhex(wish.command))
    return Answer(
        answer=_hex(answer), data=_hex(answer[:-_SW_OCTETS]), sw=_hex(answer[-_SW_OCTETS:])
    )


@router.post("/{name}/reset")
def reset_card(name: str, moved: Moved) -> Reset:
    """Reset the card warm, or begin a conversation with the one that is in."""
    return Reset(atr=_hex(moved.conversations.reset(name)))


def _hex(octets: bytes) -> str:
    return octets.hex().upper()
