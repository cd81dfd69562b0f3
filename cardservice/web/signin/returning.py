"""Where to go after the sign-in: a page of ours, whatever the address says."""

from typing import Final
from urllib.parse import urlencode

PAGE_MAX: Final = 512  # characters of an address to go back to


def address_with_next(address: str, page: str) -> str:
    """Return ``address``, with ``page`` as the one to go to after it if there is one."""
    return f"{address}?{urlencode({'next': page})}" if page else address


def own_page(text: str | None, *, default: str) -> str:
    r"""Return ``text`` if it is a path of this service, else ``default``.

    Browsers read ``//host``, ``/\host`` and addresses with blanks or controls in their own
    ways; only plain visible ASCII after a single slash is a path for everyone.
    """
    if not text or len(text) > PAGE_MAX or not text.startswith("/"):
        return default
    visible = text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    return text if visible and not text.startswith("//") else default
