"""Cards for these tests: a made one, copies of it with something changed, and ways into a map."""

from simulators.card import image
from simulators.card.files import EF_OWNER
from simulators.cardmap import CardMap, MappedFile, Part, Span, map_image
from tests.chain import PHOTO, issued_card
from tests.unit.simulators.card.issuing import Content, personalized, trust_point

SECRET_CELLS = (image.KEY_SET, image.CHIP_KEY, image.PIN, image.PUK, image.CAN)


def made(*, photo: bool = False) -> dict[str, bytes]:
    """Return the cells of an issued card."""
    return issued_card(photo=PHOTO if photo else None).card.memory.cells()


def without(cell: str) -> dict[str, bytes]:
    """Return the issued card's cells but one."""
    return {name: value for name, value in made().items() if name != cell}


def with_trust_point() -> dict[str, bytes]:
    """Return the cells of a card that checks terminals."""
    return personalized(Content(cvca=trust_point())).memory.cells()


def with_owner(octets: bytes) -> dict[str, bytes]:
    """Return the issued card's cells with another owner EF."""
    return made() | {EF_OWNER.cell: octets}


def file_of(card: CardMap, fid: int, directory: str = "foms_root") -> MappedFile:
    (found,) = (one for one in card.directories if one.name == directory)
    return next(file for file in found.files if file.fid == fid)


def owner_of(cells: dict[str, bytes]) -> Span:
    return file_of(map_image(cells), 0x0201, "FOMS_ID").mapped.span


def named(span: Span, name: str) -> list[Span]:
    return [one for _, one in span.walk() if one.name == name]


def said(span: Span, name: str) -> list[str]:
    return [str(one.meaning) for one in named(span, name)]


def odd(span: Span) -> list[Span]:
    return [one for _, one in span.walk() if one.part is Part.UNEXPECTED or one.reason]
