"""Response APDUs."""

import pytest

from cardservice.apdu.response import ResponseAPDU
from cardservice.errors import MalformedDataError, StatusError


@pytest.mark.parametrize("raw", ["", "90"])
def test_a_response_without_a_status_word_is_malformed(raw: str) -> None:
    with pytest.raises(MalformedDataError):
        ResponseAPDU.parse(bytes.fromhex(raw))


def test_a_response_longer_than_any_command_can_ask_for_is_malformed() -> None:
    assert len(ResponseAPDU.parse(bytes(65_538)).data) == 65_536
    with pytest.raises(MalformedDataError):
        ResponseAPDU.parse(bytes(65_539))


def test_data_and_status_word_are_parted_and_joined() -> None:
    response = ResponseAPDU.parse(bytes.fromhex("0102036282"))
    assert (response.data.hex(), response.sw) == ("010203", 0x6282)
    assert response.encode().hex() == "0102036282"


@pytest.mark.parametrize(
    ("sw", "is_error", "is_warning"),
    [
        (0x9000, False, False),
        (0x6110, False, False),
        (0x6282, False, True),
        (0x63C1, False, True),
        (0x6400, True, False),
        (0x6982, True, False),
        (0x6C10, True, False),
        (0x9484, True, False),
    ],
)
def test_errors_and_warnings_are_told_apart(sw: int, is_error: bool, is_warning: bool) -> None:
    response = ResponseAPDU(b"", sw)
    assert (response.is_error, response.is_warning) == (is_error, is_warning)


def test_a_refusal_says_what_was_being_done_and_what_the_card_said() -> None:
    with pytest.raises(
        StatusError, match=r"opening: SW=6982 \(SECURITY_STATUS_NOT_SATISFIED: "
    ) as e:
        ResponseAPDU(b"", 0x6982).expect_ok("opening")
    assert e.value.sw == 0x6982


def test_an_unlisted_refusal_has_no_dangling_colon() -> None:
    with pytest.raises(StatusError, match=r"opening: SW=1234 \(unlisted\)$"):
        ResponseAPDU(b"", 0x1234).expect_ok("opening")


def test_a_stated_warning_is_accepted_and_another_is_not() -> None:
    assert ResponseAPDU(b"\x01", 0x6282).expect("reading", 0x9000, 0x6282) == b"\x01"
    with pytest.raises(StatusError):
        ResponseAPDU(b"\x01", 0x6281).expect("reading", 0x9000, 0x6282)


def test_neither_repr_nor_refusal_shows_data() -> None:
    response = ResponseAPDU("ИВАНОВ".encode(), 0x6A80)
    assert "D098" not in repr(response).upper().replace("\\X", "")
    with pytest.raises(StatusError) as refusal:
        response.expect_ok("reading")
    assert "ИВАНОВ" not in str(refusal.value)
