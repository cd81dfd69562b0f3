"""Key versions: which there may be, in which order they are tried, which comes next."""

from dataclasses import replace

import pytest

from cardservice.errors import UsageError
from cardservice.keystores.software_keys import AesKey
from cardservice.personalization.key_versions import (
    in_order_of_trial,
    next_version,
    parse_version,
    require_issuer_version,
    spell_version,
)
from cardservice.personalization.making import StationKeys
from cardservice.personalization.ports import IssuerKeys
from tests.chain import issuer

OTHER = AesKey(bytes(range(16)))
DIVERSIFICATION = b"FM" + bytes(8)


def test_a_version_is_read_as_it_is_written() -> None:
    for version in range(0x31, 0x80):
        assert parse_version(spell_version(version)) == version
    assert parse_version("3a") == parse_version("3A") == 0x3A


@pytest.mark.parametrize("text", ["", "3", "30", "80", "FF", "0x31", "031", " 31", "3_1", "３１"])
def test_what_no_issuer_may_have_is_no_version(text: str) -> None:
    with pytest.raises(UsageError):
        parse_version(text)


@pytest.mark.parametrize("version", [0, 0x30, 0x80, -0x31])
def test_the_card_maker_s_version_is_no_issuer_s(version: int) -> None:
    with pytest.raises(UsageError):
        require_issuer_version(version)


def test_the_current_version_is_tried_first_then_from_the_newest_on() -> None:
    assert in_order_of_trial(0x33, [0x31, 0x34, 0x32]) == (0x33, 0x34, 0x32, 0x31)


@pytest.mark.parametrize(
    ("current", "known", "retired", "expected"),
    [
        (0x31, {0x31}, set(), 0x32),
        (0x31, {0x31, 0x32}, set(), 0x32),  # made by a rollover that was interrupted
        (0x31, {0x31, 0x32, 0x33}, set(), 0x33),  # the home was restored from before two of them
        (0x31, {0x31, 0x32}, {0x32}, 0x33),
        (0x33, {0x31, 0x33}, {0x31}, 0x34),
        (0x31, set(), {0x35}, 0x36),  # a retired version never becomes another's
        (0x7E, {0x7E}, set(), 0x7F),
        (0x7E, {0x7E, 0x7F}, set(), 0x7F),
    ],
)
def test_the_next_version_is_one_that_no_card_has_under_another_master(
    current: int, known: set[int], retired: set[int], expected: int
) -> None:
    assert next_version(current, known, retired) == expected


@pytest.mark.parametrize(("current", "retired"), [(0x7F, set()), (0x7E, {0x7F})])
def test_after_7f_there_is_no_next_version(current: int, retired: set[int]) -> None:
    with pytest.raises(UsageError):
        next_version(current, {current}, retired)


def test_an_issuer_with_one_master_has_version_31_alone() -> None:
    keys = issuer().keys
    assert dict(keys.issuer_masters) == {0x31: keys.issuer_master}
    assert StationKeys.of(keys).versions == (0x31,)


def test_each_version_derives_from_its_own_master() -> None:
    first = issuer().keys
    rolled = replace(
        first, issuer_master=OTHER, issuer_version=0x32, other_masters={0x31: first.issuer_master}
    )
    keys, before = StationKeys.of(rolled), StationKeys.of(first)
    assert keys.versions == (0x32, 0x31)
    assert keys.issuer_of(0x31)(DIVERSIFICATION) == before.issuer(DIVERSIFICATION)
    assert keys.issuer_of(0x32)(DIVERSIFICATION) == keys.issuer(DIVERSIFICATION)
    assert keys.issuer(DIVERSIFICATION) != before.issuer(DIVERSIFICATION)


@pytest.mark.parametrize(
    ("current", "other"), [(0x31, 0x31), (0x30, 0x31), (0x31, 0x30), (0x80, 0x31), (0x31, 0)]
)
def test_versions_that_cannot_be_make_no_issuer(current: int, other: int) -> None:
    first = issuer().keys
    with pytest.raises(UsageError):
        replace(first, issuer_version=current, other_masters={other: OTHER})


def test_no_master_is_in_a_printed_form() -> None:
    keys: IssuerKeys = replace(issuer().keys, other_masters={0x32: OTHER})
    assert "master" not in repr(keys).replace("IssuerKeys", "")
    assert "issuer" not in repr(StationKeys.of(keys))
