"""The page's own files, at addresses that change with their content."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType

HASH_DIGITS = 12  # of the SHA-256, in hexadecimal: tells versions of one file apart
MEDIA_TYPES = MappingProxyType(
    {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"},
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; ``url`` names exactly this content for ever."""

    url: str
    media_type: str
    content: bytes


@cache
def assets() -> MappingProxyType[str, Asset]:
    """Return every file of the page by its plain name, e.g. ``desk.css``; read once."""
    folder = files("cardservice.web").joinpath("static")
    found = (entry for entry in folder.iterdir() if _suffix(entry.name) in MEDIA_TYPES)
    return MappingProxyType({one.name: _asset(one.name, one.read_bytes()) for one in found})


@cache
def assets_by_url() -> MappingProxyType[str, Asset]:
    """Return the same files by the address they are served at."""
    return MappingProxyType({one.url: one for one in assets().values()})


def asset_url(name: str) -> str:
    """Return the address of the file; for templates.

    Raises:
        KeyError: there is no such file: a template is wrong.
    """
    return assets()[name].url


def _asset(name: str, content: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = sha256(content).hexdigest()[:HASH_DIGITS]
    return Asset(f"/static/{stem}.{digest}.{suffix}", MEDIA_TYPES[suffix], content)


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]
