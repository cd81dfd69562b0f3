"""A PDF as a stranger sees it: its text by fonts' ToUnicode maps, its objects by type."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

_LINE = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>(?: <([0-9A-Fa-f]+)>)?")


def opened(octets: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(octets))


def text_of(pdf: pikepdf.Pdf) -> str:
    """Return the text of all pages, one line for each showing operator."""
    return "\n".join(line for page in pdf.pages for line in _lines(page))


def _lines(page: pikepdf.Page) -> Iterator[str]:
    maps = {
        name: _unicode_map(font.ToUnicode.read_bytes())
        for name, font in page.Resources.Font.items()
    }
    current: dict[int, str] = {}
    for one in pikepdf.parse_content_stream(page):
        if str(one.operator) == "Tf":
            current = maps[str(one.operands[0])]
        elif str(one.operator) == "Tj":
            octets = bytes(one.operands[0])
            codes = (int.from_bytes(octets[i : i + 2]) for i in range(0, len(octets), 2))
            yield "".join(current[code] for code in codes)


def _unicode_map(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, target, _ in _LINE.findall(block):
            found[int(code, 16)] = bytes.fromhex(target.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, target in _LINE.findall(block):
            start = int(target, 16)
            for code in range(int(first, 16), int(last, 16) + 1):
                found[code] = chr(start + code - int(first, 16))
    return found


def fonts_of(pdf: pikepdf.Pdf) -> list[Any]:
    """Return the descriptors of all fonts of all pages."""
    return [
        font.DescendantFonts[0].FontDescriptor
        for page in pdf.pages
        for font in page.Resources.Font.values()
    ]


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every indirect dictionary and every dictionary of a stream."""
    for one in pdf.objects:
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            yield one


def image_count(pdf: pikepdf.Pdf) -> int:
    return sum(one.get("/Subtype") == "/Image" for one in dictionaries(pdf))
