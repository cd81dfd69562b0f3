import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import MalformedDataError
from cardservice.papers.statement import base45

# RFC 9285, sections 4.3 and 4.4.
EXAMPLES = [
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
    (b"", ""),
    (b"\xff\xff", "FGW"),
    (b"\x00", "00"),
]


@pytest.mark.parametrize(("octets", "text"), EXAMPLES)
def test_the_examples_of_the_standard_read_both_ways(octets: bytes, text: str) -> None:
    assert base45.encode(octets) == text
    assert base45.decode(text) == octets


@given(st.binary(max_size=320))
def test_octets_come_back_as_they_went(octets: bytes) -> None:
    assert base45.decode(base45.encode(octets)) == octets


@pytest.mark.parametrize(
    "text", ["GGW", ":::", "V5", "::", "0", "BB80", "bb8", "BB8\n", "BЬ8", "BB8B", "!00"]
)
def test_anything_else_is_malformed(text: str) -> None:
    with pytest.raises(MalformedDataError, match="not Base45"):
        base45.decode(text)


@given(st.text(alphabet=base45.ALPHABET, max_size=30))
def test_octets_have_one_way_of_being_written(text: str) -> None:
    try:
        octets = base45.decode(text)
    except MalformedDataError:
        return
    assert base45.encode(octets) == text
