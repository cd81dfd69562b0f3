"""Any octets have a map in which each octet is named once; unlike files are never the same."""

import json

from hypothesis import given
from hypothesis import strategies as st

from simulators.card import image
from simulators.card.files import FILES
from simulators.card.tlv import encode_object
from simulators.cardmap import CardMap, MappedOctets, compare, map_image
from simulators.cardmap.files import SECRETS
from simulators.cardmap.json_form import document_of
from simulators.cardmap.page import page_of
from simulators.cardmap.showing import Showing
from simulators.cardmap.text import map_lines
from simulators.cardmap.walking import DEPTH_MAX
from tests.unit.cardmap.cards import made, with_trust_point

_TAGS = (0x62, 0x64, 0x77, 0x6E, 0x30, 0x31, 0x5F21, 0x5F24, 0x7F40, 0x5F42, 0x06, 0x02, 0x04, 0xA0)
_REAL = made(photo=True) | with_trust_point()
_CELLS = (
    *(file.cell for file in FILES),
    image.ATR,
    image.LIFE_CYCLE,
    image.PROFILE,
    image.POINTER,
    image.CHIP_SERIAL,
    image.CVCA_CURRENT,
    image.CARD_DATE,
    image.KEY_SET,
)

_objects = st.recursive(
    st.binary(max_size=12),
    lambda inside: st.builds(
        lambda tag, values: encode_object(tag, b"".join(values)),
        st.sampled_from(_TAGS),
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """Octets of a real card with a few replaced, cut or added."""
    octets = bytearray(_REAL[draw(st.sampled_from(sorted(set(_REAL) - set(SECRETS))))])
    for _ in range(draw(st.integers(0, 4))):
        if octets:
            octets[draw(st.integers(0, len(octets) - 1))] = draw(st.integers(0, 255))
    return bytes(octets[: draw(st.integers(0, len(octets)))]) + draw(st.binary(max_size=3))


_octets = st.binary(max_size=200) | _objects | _damaged()
_cells = st.dictionaries(st.sampled_from(_CELLS) | st.text(max_size=5), _octets, max_size=4)


def _mapped(card: CardMap) -> list[MappedOctets]:
    files = [file for directory in card.directories for file in directory.files]
    cells = [cell.mapped for cell in card.cells if cell.mapped]
    return [*(file.mapped for file in files), *(file.control for file in files), *cells]


@given(_cells)
def test_each_octet_is_named_once_and_the_tree_is_bounded(cells: dict[str, bytes]) -> None:
    for mapped in _mapped(map_image(cells)):
        leaves = list(mapped.span.leaves())
        named = [octet for leaf in leaves for octet in range(leaf.start, leaf.end)]
        assert named == list(range(len(mapped.content)))
        assert max(depth for depth, _ in mapped.span.walk()) <= DEPTH_MAX + 2
        assert len(list(mapped.span.walk())) <= 2 * len(mapped.content) + 1


@given(_cells, st.booleans())
def test_every_map_can_be_shown(cells: dict[str, bytes], unmasked: bool) -> None:
    card, showing = map_image(cells), Showing(unmasked=unmasked)
    assert list(map_lines(card, showing, title="one"))
    assert json.dumps(document_of({"one": card}, None, showing))
    assert page_of({"one": card}, None, showing)


@given(_cells, _cells)
def test_two_cards_are_the_same_only_if_all_but_the_secrets_is(
    one: dict[str, bytes], other: dict[str, bytes]
) -> None:
    first, second = map_image(one), map_image(other)
    assert compare(first, first).same
    open_to_all = [
        [(cell.cell, cell.mapped.content if cell.mapped else cell.meaning) for cell in card.cells]
        + [(file.fid, file.mapped.content) for one in card.directories for file in one.files]
        for card in (first, second)
    ]
    assert compare(first, second).same is (open_to_all[0] == open_to_all[1])


@given(_octets, _octets)
def test_a_file_is_the_same_only_as_itself(one: bytes, other: bytes) -> None:
    cell = FILES[7].cell
    assert compare(map_image({cell: one}), map_image({cell: other})).same is (one == other)
