"""The reader scheme ``pcsc:``: the only card there is, or the one in a named reader."""

from collections.abc import Sequence

from cardservice.errors import ReaderUnavailableError
from cardservice.transport.pcsc.codes import ReaderFlag
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.scard import Scard, load


def open_reader(name: str) -> PcscLink:
    """Return a link to the card in the reader called ``name``, in full or a part only it has.

    With an empty ``name``: to the only card there is, in whichever reader.

    Raises:
        ReaderUnavailableError: none or several fit; the remedy lists the names.
        CardRemovedError: the card left meanwhile, or the named reader is empty.
    """
    scard = load()
    with Context(scard) as context:
        readers = context.readers()
        reader = choose(name, readers) if name else choose_occupied(context, readers)
    return PcscLink(scard, reader)


def list_readers(scard: Scard | None = None) -> tuple[str, ...]:
    """Return the names of the PC/SC readers.

    Raises:
        ReaderUnavailableError: pyscard or the service is missing.
    """
    with Context(scard or load()) as context:
        return context.readers()


def choose(name: str, readers: Sequence[str]) -> str:
    """Return the one of ``readers`` that is called ``name``, or else the only one to contain it.

    Raises:
        ReaderUnavailableError: none or several do.
    """
    if name in readers:
        return name
    fitting = [reader for reader in readers if name in reader]
    if len(fitting) == 1:
        return fitting[0]
    many = f"{len(fitting)} readers fit {name!r}" if fitting else f"no reader fits {name!r}"
    raise ReaderUnavailableError(many, remedy=_choice(fitting or readers))


def choose_occupied(context: Context, readers: Sequence[str]) -> str:
    """Return the only one of ``readers`` that holds a card.

    Raises:
        ReaderUnavailableError: none or several do.
    """
    occupied = [reader for reader in readers if _holds_card(context, reader)]
    if len(occupied) == 1:
        return occupied[0]
    if occupied:
        raise ReaderUnavailableError("several readers hold a card", remedy=_choice(occupied))
    remedy = f"put a card into one of: {', '.join(readers)}" if readers else "plug in a reader"
    raise ReaderUnavailableError("no reader holds a card", remedy=remedy)


def _holds_card(context: Context, reader: str) -> bool:
    found = context.wait(reader, 0, 0)
    return found is not None and bool(found[0] & ReaderFlag.PRESENT)


def _choice(readers: Sequence[str]) -> str:
    if not readers:
        return "plug in a reader"
    return "name one: " + ", ".join(f"pcsc:{reader}" for reader in readers)
