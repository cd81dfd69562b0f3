import pytest

from cardservice.errors import CardRemovedError, LinkError, ReaderUnavailableError
from cardservice.transport.pcsc.codes import ScardCode, error_for

GONE = [
    ScardCode.REMOVED_CARD,
    ScardCode.NO_SMARTCARD,
    ScardCode.UNPOWERED_CARD,
    ScardCode.UNRESPONSIVE_CARD,
    ScardCode.NOT_TRANSACTED,
]
UNAVAILABLE = [
    ScardCode.NO_SERVICE,
    ScardCode.SERVICE_STOPPED,
    ScardCode.COMM_ERROR,
    ScardCode.INVALID_HANDLE,
    ScardCode.NO_READERS_AVAILABLE,
    ScardCode.UNKNOWN_READER,
    ScardCode.READER_UNAVAILABLE,
    ScardCode.SHARING_VIOLATION,
    ScardCode.SECURITY_VIOLATION,
]


@pytest.mark.parametrize("code", GONE)
def test_a_card_that_is_away_or_silent_is_a_removed_card(code: ScardCode) -> None:
    assert isinstance(error_for(code), CardRemovedError)


@pytest.mark.parametrize("code", UNAVAILABLE)
def test_a_reader_that_cannot_be_used_comes_with_a_remedy(code: ScardCode) -> None:
    error = error_for(code)
    assert isinstance(error, ReaderUnavailableError)
    assert error.remedy


def test_a_card_reset_by_another_is_neither_removed_nor_unavailable() -> None:
    error = error_for(ScardCode.RESET_CARD)
    assert type(error) is LinkError
    assert "session is lost" in str(error)


def test_an_unknown_code_is_shown() -> None:
    assert "0x80101234" in str(error_for(0x80101234))


def test_our_numbers_are_those_of_the_installed_service() -> None:
    scard = pytest.importorskip("smartcard.scard")
    prefixes = {
        name.partition("_")[2][2:]: value & 0xFFFFFFFF
        for name, value in vars(scard).items()
        if name.startswith(("SCARD_E_", "SCARD_W_", "SCARD_F_")) and isinstance(value, int)
    }
    assert {code.name: prefixes[code.name] for code in ScardCode} == {
        code.name: code.value for code in ScardCode
    }
