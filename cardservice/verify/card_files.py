"""The files a desk reads, each as far as it needs it; what is not there is None.

A file that is refused, or that is no file, is treated as missing: under an EF.SOD that lists it, a
missing object makes the card invalid. Only a demand for rights (``6982``) is told apart.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

from cardservice.apdu.response import SW
from cardservice.channel.flow import Flow
from cardservice.channel.reading import (
    PLAIN_BLOCK,
    PROTECTED_BLOCK,
    FileStart,
    get_data,
    read_file,
    read_more,
    read_start,
    select_application,
    select_file,
)
from cardservice.errors import MalformedDataError, PeerError, StatusError
from cardservice.policycard.layout import (
    INSURER_ALIAS_SFI,
    INSURER_LIMIT,
    OWNER_ALIAS_SFI,
    POINTER_LEN,
    POINTER_TAG,
    CardFile,
    Directory,
)
from cardservice.policycard.objects import CutShortError
from cardservice.policycard.owner import walk_owner
from cardservice.policycard.security import Group, SignedFiles
from cardservice.verify.experience import ExtendedLengthRefusedError

T = TypeVar("T")

OWNER_STEPS: Final = 32
"""How often an owner EF may ask for more octets: its objects are fewer than that."""

_ICCID: Final = frozenset({int(Group.ICCID)})
_OWNER_LIMIT: Final = CardFile.OWNER.spec.limit or 0


class NotAPolicyCardError(PeerError):
    """The card knows none of the applications of a policy card."""


class AccessRefusedError(PeerError):
    """The card wants a CAN or an enrolled terminal before it lets anything be read."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which groups of fields are read; the texts always are.

    Attributes:
        photo: the whole owner EF; seconds on a contact line, so only on demand.
        iccid: EF.ICCID; at a tap it stays on the card, for EF.CardID says the same (card.md §5).
    """

    photo: bool = False
    iccid: bool = True


TEXTS: Final = Scope()


def or_none(flow: Flow[T]) -> Flow[T | None]:
    """Return the flow's result, None when the file is refused or is no file.

    Raises:
        AccessRefusedError: the card wants rights first (6982).
    """
    try:
        return (yield from flow)
    except StatusError as refused:
        if refused.sw == SW.SECURITY_STATUS_NOT_SATISFIED:
            raise AccessRefusedError("the card wants a CAN or a terminal certificate") from refused
        return None
    except MalformedDataError:
        return None


def read_card_file(file: CardFile, block: int) -> Flow[bytes]:
    """Return a whole file of the application selected, by its short identifier."""
    spec = file.spec
    return (yield from read_file(sfi=spec.sfi, max_size=spec.limit or 0, block=block)).data


def start_security_object(block: int) -> Flow[FileStart | None]:
    """Return EF.SOD's first block, None when there is none.

    A file under that identifier whose root is not 77 is some other file of a card of the field.

    Raises:
        ExtendedLengthRefusedError: the card refused a block longer than a short Le asks for.
        AccessRefusedError: as ``or_none``.
    """
    spec = CardFile.SECURITY_OBJECT.spec
    starting = read_start(sfi=spec.sfi, max_size=spec.limit or 0, block=block)
    start = yield from or_none(_unless_too_long(starting, block))
    return None if start is None or start.data[0] != spec.root else start


def _unless_too_long(flow: Flow[T], block: int) -> Flow[T]:
    try:
        return (yield from flow)
    except StatusError as refused:
        if refused.sw == SW.WRONG_LENGTH and block > PLAIN_BLOCK:
            raise ExtendedLengthRefusedError("the card takes no extended length") from refused
        raise


def finish_security_object(start: FileStart | None, block: int) -> Flow[bytes | None]:
    """Return EF.SOD, as far as it goes when it ends before its own header says."""
    if start is None:
        return None
    whole = yield from or_none(read_more(start, block=block))
    return (whole or start).data


def read_signed_files(
    chip_security: bytes | None, block: int, scope: Scope = TEXTS
) -> Flow[SignedFiles]:
    """Return the files of foms_root that EF.SOD speaks of, as far as ``scope`` goes.

    Args:
        chip_security: read already.
        block: octets a reading.
        scope: which groups of fields are wanted.
    """
    owner = _read_owner(sfi=OWNER_ALIAS_SFI, block=block, scope=scope)
    return SignedFiles(
        card_id=(yield from or_none(read_card_file(CardFile.CARD_ID, block))),
        iccid=(yield from or_none(read_card_file(CardFile.ICCID, block))) if scope.iccid else None,
        unread=frozenset() if scope.iccid else _ICCID,
        owner=(yield from or_none(owner)),
        insurer=(yield from or_none(_read_insurer(sfi=INSURER_ALIAS_SFI, block=block))),
        chip_security=chip_security,
    )


def read_field_files(block: int = PLAIN_BLOCK, scope: Scope = TEXTS) -> Flow[SignedFiles]:
    """Return the files of a card of the field, which has neither our identifiers nor EF.SOD.

    Args:
        block: octets a command; ``PROTECTED_BLOCK`` when the card has proved its chip.
        scope: which groups of fields are wanted.

    Raises:
        NotAPolicyCardError: the application FOMS_ID is not there either.
    """
    try:
        yield from select_application(Directory.HOLDER.aid)
    except StatusError as refused:
        raise NotAPolicyCardError("no application of a policy card is there") from refused
    owner = yield from or_none(_read_selected_owner(block, scope))
    insurer = yield from or_none(_read_pointed_insurer(block))
    return SignedFiles(owner=owner, insurer=insurer, card_id=None, iccid=None, chip_security=None)


def _read_selected_owner(block: int, scope: Scope) -> Flow[bytes]:
    yield from select_file(CardFile.OWNER.spec.file_id)
    return (yield from _read_owner(sfi=None, block=block, scope=scope))


def _read_pointed_insurer(block: int) -> Flow[bytes]:
    yield from select_application(Directory.INSURERS.aid)
    pointer = yield from get_data(POINTER_TAG, ne=POINTER_LEN)
    if len(pointer) != POINTER_LEN:
        raise MalformedDataError("the pointer to the insurer has two octets")
    # In the field the identifiers of the insurer files are the card's own affair.
    yield from select_file(int.from_bytes(pointer))
    return (yield from _read_insurer(sfi=None, block=block))


def _read_owner(*, sfi: int | None, block: int, scope: Scope) -> Flow[bytes]:
    """Return the owner EF, without the photo up to it; its length alone must end the file."""
    # The texts fit a short block or two; a longer first one would fetch the photo's beginning.
    first = block if block <= PLAIN_BLOCK else PROTECTED_BLOCK
    start = yield from read_start(sfi=sfi, max_size=_OWNER_LIMIT, block=first)
    for _ in range(OWNER_STEPS):
        wanted = _octets_wanted(start)
        if wanted is None:
            break
        start = yield from read_more(start, up_to=wanted, block=block)
    if scope.photo:
        start = yield from read_more(start, block=block)
    return start.data


def _octets_wanted(start: FileStart) -> int | None:
    """Return how far to read on, in whole blocks; None when nothing more is needed or there."""
    try:
        walk_owner(start.data)
    except CutShortError as short:
        # A command costs a turn; octets beside those that are wanted cost next to nothing.
        return None if start.is_complete else -(-short.wanted // PROTECTED_BLOCK) * PROTECTED_BLOCK
    except MalformedDataError:
        return None
    return None


def _read_insurer(*, sfi: int | None, block: int) -> Flow[bytes]:
    return (yield from read_file(sfi=sfi, max_size=INSURER_LIMIT, block=block)).data
