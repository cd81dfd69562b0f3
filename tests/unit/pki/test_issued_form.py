"""The quick reader leaves alone what only looks like an EF.SOD of ours."""

import pytest

from cardservice.pki import cms
from cardservice.pki.issued_form import match_issued_form
from tests.unit.pki.office import SIGNED, ef_sod

TIME = cms.signing_time_attribute(SIGNED)[-13:-1]


@pytest.mark.parametrize(
    "time",
    [b"26W011093000", b"261311093000", b"501111093000", b"2611110930 0"],
    ids=["a week's date", "month 13", "the year 2050", "a blank"],
)
def test_a_signing_time_that_no_utc_time_has_is_left_to_the_patient_reader(time: bytes) -> None:
    assert ef_sod().count(TIME) == 1
    assert match_issued_form(ef_sod().replace(TIME, time)) is None


@pytest.mark.parametrize("at", [0, 5, 40, 300, -80, -73])
def test_another_octet_between_the_parts_that_vary_is_not_our_form(at: int) -> None:
    octets = bytearray(ef_sod())
    octets[at] ^= 1
    assert match_issued_form(bytes(octets)) is None
