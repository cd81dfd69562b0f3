"""The map of a card from the cells of its memory."""

from collections.abc import Mapping

from simulators.card import files, image
from simulators.card.files import Directory, ElementaryFile
from simulators.card.tlv import encode_object
from simulators.cardmap.files import (
    CELL_SHAPES,
    FCI,
    FCP,
    FILE_SHAPES,
    SECRETS,
    atr_shape,
)
from simulators.cardmap.spans import (
    CardMap,
    MappedCell,
    MappedDirectory,
    MappedFile,
    MappedOctets,
    Phrase,
)
from simulators.cardmap.walking import map_octets
from simulators.cardmap.words import Name, Says

_FCI, _FCP = 0x6F, 0x62
_SIZE, _DESCRIPTOR, _FILE_ID, _DF_NAME, _SFI = 0x80, 0x82, 0x83, 0x84, 0x88
_TRANSPARENT = b"\x01"
_SIZE_MAX = 0xFFFF


def map_image(cells: Mapping[str, bytes]) -> CardMap:
    """Return the map of the card whose memory these cells are.

    Any cells give a map. Of secrets (PIN, PUK, CAN, static keys, the chip's private key) and of
    cells nobody knows it holds no octets, only that they are there. Personal data it holds; who
    shows it masks them.
    """
    directories = tuple(_directory(one, cells) for one in Directory)
    return CardMap(directories=directories, cells=_cells(cells))


def _directory(directory: Directory, cells: Mapping[str, bytes]) -> MappedDirectory:
    there = tuple(
        _file(file, cells[file.cell])
        for file in files.FILES
        if file.directory is directory and file.cell in cells
    )
    name = encode_object(_DF_NAME, directory.value)
    if directory is Directory.MF:
        name = encode_object(_FILE_ID, files.MF_ID.to_bytes(2, "big"))
    control = map_octets(encode_object(_FCI, name), FCI)
    aid = directory.value
    shown = aid.decode() or directory.name
    return MappedDirectory(name=shown, aid=aid, control=control, files=there)


def _file(file: ElementaryFile, content: bytes) -> MappedFile:
    return MappedFile(
        name=FILE_SHAPES[file].name,
        fid=file.fid,
        sfi=file.sfi,
        limit=file.limit,
        mapped=map_octets(content, FILE_SHAPES[file]),
        control=_control_of(file, content),
    )


def _control_of(file: ElementaryFile, content: bytes) -> MappedOctets:
    """Return the FCP of a file that may be read now: a refused reader sees it without its size."""
    size = min(len(content), _SIZE_MAX)
    objects = (
        (_SIZE, size.to_bytes(2, "big")),
        (_DESCRIPTOR, _TRANSPARENT),
        (_FILE_ID, file.fid.to_bytes(2, "big")),
        (_SFI, bytes((file.sfi << 3,)) if file.sfi else b""),
    )
    return map_octets(encode_object(_FCP, b"".join(encode_object(*one) for one in objects)), FCP)


def _cells(cells: Mapping[str, bytes]) -> tuple[MappedCell, ...]:
    shapes = {image.ATR: atr_shape(cells.get(image.ATR, b"")), **CELL_SHAPES}
    open_cells = [
        MappedCell(name=shape.name, cell=cell, mapped=map_octets(cells[cell], shape))
        for cell, shape in shapes.items()
        if cell in cells
    ]
    secrets = [
        MappedCell(name=name, cell=cell, meaning=_presence(cell, cells[cell]))
        for cell, name in SECRETS.items()
        if cell in cells
    ]
    known = {*shapes, *SECRETS, *(file.cell for file in files.FILES)}
    # A cell of a later version may be a secret of it.
    unknown = [
        MappedCell(name=Name.UNKNOWN_CELL, cell=cell, meaning=Phrase(Says.PRESENT))
        for cell in sorted(set(cells) - known)
    ]
    return (*open_cells, *secrets, *unknown)


def _presence(cell: str, content: bytes) -> Phrase:
    if cell == image.KEY_SET and content:
        return Phrase(Says.KEY_VERSION, (f"{content[0]:02X}",))
    return Phrase(Says.PRESENT)
