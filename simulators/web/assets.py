"""The page's own files, at addresses that change with their content."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Final

_DIGEST_DIGITS: Final = 12  # tells versions of one file apart
MEDIA_TYPES: Final = MappingProxyType(
    {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; ``url`` names exactly this content for ever."""

    url: str
    media_type: str
    content: bytes


@cache
def assets() -> MappingProxyType[str, Asset]:
    """Return every file of the page by its plain name; read once."""
    found = (files("simulators.web") / "static").iterdir()
    named = ((one.name, one.name.rpartition(".")[2], one) for one in found)
    return MappingProxyType(
        {
            name: _asset(name, suffix, one.read_bytes())
            for name, suffix, one in named
            if suffix in MEDIA_TYPES
        }
    )


@cache
def assets_by_url() -> MappingProxyType[str, Asset]:
    """Return the same files by the address they are served at."""
    return MappingProxyType({one.url: one for one in assets().values()})


def asset_url(name: str) -> str:
    """Return the address of a file; for templates.

    Raises:
        KeyError: there is no such file: a template is wrong.
    """
    return assets()[name].url


def _asset(name: str, suffix: str, content: bytes) -> Asset:
    digest = sha256(content).hexdigest()[:_DIGEST_DIGITS]
    stem = name.removesuffix(f".{suffix}")
    return Asset(f"/static/{stem}.{digest}.{suffix}", MEDIA_TYPES[suffix], content)
