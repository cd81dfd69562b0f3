"""Names that new readers and cards may have: any script, one line, usable in an address."""

from typing import Final

from simulators.web.simulation.errors import RefusedNameError

NAME_CHARACTERS_MAX: Final = 100
_DOTS: Final = frozenset({".", ".."})  # clients take these out of an address


def check_name(what: str, name: str) -> None:
    """Return if a ``what`` may be called that.

    Raises:
        RefusedNameError: too long, empty, with a slash, or with what cannot be printed.
    """
    printable = name.isprintable() and name.strip() == name and "/" not in name
    if not printable or name in _DOTS or not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise RefusedNameError(what)
