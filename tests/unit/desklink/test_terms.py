"""Which addresses a desk connects to."""

import pytest

from cardservice.desklink.terms import ServiceTerms
from cardservice.errors import UsageError


@pytest.mark.parametrize(
    "address",
    ["https://clinics.example.org", "https://x.example/prefix/", "http://127.0.0.1:8060",
     "http://localhost:1", "http://[::1]:8060"],
)  # fmt: skip
def test_https_anywhere_and_http_on_this_machine(address: str) -> None:
    terms = ServiceTerms(address=address)
    assert terms.base == address.rstrip("/") + "/api/v1"


@pytest.mark.parametrize(
    "address",
    ["http://clinics.example.org", "http://10.0.0.1", "http://127.0.0.1.example.org", "ftp://x",
     "https://", "https://user:secret@x.example", "https://x.example/?a=1", "https://x.example/#a",
     "clinics.example.org", "", "http://localhost.example.org", "https://[::1", "//x"],
)  # fmt: skip
def test_no_other_address_is_used_and_none_is_repeated(address: str) -> None:
    with pytest.raises(UsageError) as error:
        ServiceTerms(address=address)
    assert not address or address not in str(error.value)


def test_production_takes_https_alone() -> None:
    with pytest.raises(UsageError):
        ServiceTerms(address="http://127.0.0.1:8060", production=True)
