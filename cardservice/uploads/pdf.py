"""A PDF by its objects: only pages to look at, nothing that acts, opens, plays or attaches.

Runs in the process apart (``apart``): the library beneath is written in C++.

Source: ISO 32000-2, 7.5 (file structure), 12.6 (actions), 7.11 (file specifications).
"""

import io
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from cardservice.errors import Refusal
from cardservice.uploads.pdf_frame import damaged, require_frame

MOST_PAGES: Final = 50
MOST_OBJECTS: Final = 50_000
MOST_UNPACKED: Final = 512 << 20  # octets of all streams together
DEEPEST: Final = 50

_ACTIVE_KEYS: Final = {
    "/JS": "runs a script",
    "/JavaScript": "runs a script",
    "/XFA": "holds a form that runs scripts",
    "/EmbeddedFiles": "holds another file",
    "/EF": "holds another file",
    "/RichMedia": "plays something",
}
_ACTIVE_KINDS: Final = {
    "/JavaScript": "runs a script",
    "/Launch": "starts a program",
    "/GoToR": "opens another file",
    "/GoToE": "opens another file",
    "/ImportData": "opens another file",
    "/SubmitForm": "sends data away",
    "/Rendition": "plays something",
    "/RichMediaExecute": "plays something",
    "/RichMedia": "plays something",
    "/Movie": "plays something",
    "/Sound": "plays something",
    "/Screen": "plays something",
    "/3D": "plays something",
    "/FileAttachment": "holds another file",
}
_KIND_KEYS: Final = ("/S", "/Subtype")


def examine(octets: bytes) -> int:
    """Return the number of pages.

    Raises:
        Refusal: ``pdf-damaged``, ``pdf-encrypted``, ``pdf-active``, ``pdf-too-large``.
    """
    require_frame(octets)
    try:
        # A file that other programs must repair can show them something else than us.
        with pikepdf.open(io.BytesIO(octets), attempt_recovery=False) as pdf:
            return _examine(pdf)
    except pikepdf.PasswordError:
        raise _encrypted() from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError, RuntimeError):
        raise damaged("its objects cannot be read") from None


def _examine(pdf: pikepdf.Pdf) -> int:
    if pdf.is_encrypted:
        raise _encrypted()
    if len(pdf.objects) > MOST_OBJECTS:
        raise _too_large("parts")
    unpacked = 0
    for one in pdf.objects:
        for part in _parts(one, 0):
            _require_still(part)
        if isinstance(one, pikepdf.Stream):
            level = pikepdf.StreamDecodeLevel.generalized
            unpacked += len(one.get_stream_buffer(decode_level=level))
        if unpacked > MOST_UNPACKED:
            raise _too_large("packed data")
    _require_still(pdf.trailer)
    pages = len(pdf.pages)
    if not 1 <= pages <= MOST_PAGES:
        raise Refusal("pdf-pages", f"The PDF has {pages} pages, not 1 to {MOST_PAGES}.")
    return pages


def _parts(one: Any, depth: int) -> Iterator[Any]:
    """Yield every dictionary directly in ``one``, itself included; others come on their own."""
    if depth > DEEPEST:
        raise damaged("its objects are too deep")
    if depth and getattr(one, "is_indirect", False):
        return
    if isinstance(one, pikepdf.Array):
        members = list(one.as_list())
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        yield one
        members = [one[key] for key in list(one.keys())]
    else:
        return
    for member in members:
        yield from _parts(member, depth + 1)


def _require_still(part: Any) -> None:
    keys = set(part.keys())
    for key in keys & _ACTIVE_KEYS.keys():
        raise _active(_ACTIVE_KEYS[key])
    for key in _KIND_KEYS:
        kind = part.get(key)
        if isinstance(kind, pikepdf.Name) and str(kind) in _ACTIVE_KINDS:
            raise _active(_ACTIVE_KINDS[str(kind)])
    if isinstance(part, pikepdf.Stream) and "/F" in keys:
        raise _active("opens another file")


def _encrypted() -> Refusal:
    return Refusal("pdf-encrypted", "The PDF is encrypted; save it without a password.")


def _active(what: str) -> Refusal:
    return Refusal("pdf-active", f"The PDF {what}; print it to a PDF without that.")


def _too_large(what: str) -> Refusal:
    return Refusal("pdf-too-large", f"The PDF has more {what} than can be looked into.")
