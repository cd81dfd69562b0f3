"""Check digits and forms of the field's numbers; the golden card's numbers are the good ones."""

from collections.abc import Callable

import pytest

from cardservice.domain.numbers import (
    format_snils,
    has_good_check_digit,
    mask_enp,
    parse_enp,
    parse_ogrn,
    parse_okato,
    parse_snils,
)
from cardservice.errors import Refusal

ENP = "0054910834000015"
SNILS = "112-233-445 95"
OGRN = "1027739099772"


@pytest.mark.parametrize(
    ("parse", "text"),
    [(parse_enp, ENP), (parse_snils, SNILS), (parse_ogrn, OGRN), (parse_okato, "45000")],
)
def test_a_good_number_is_returned_as_it_is(parse: Callable[[str], str], text: str) -> None:
    assert parse(text) == text


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_enp, "", "enp-missing"),
        (parse_enp, ENP[:-1], "enp-length"),
        (parse_enp, ENP + "0", "enp-length"),
        (parse_enp, "00549108340000l5", "enp-not-digits"),
        (parse_enp, "００５４９１０８３４００００１５", "enp-not-digits"),
        (parse_enp, "00549108340000²5", "enp-not-digits"),
        (parse_enp, ENP[:-1] + "6", "enp-check-digit"),
        (parse_snils, "112-233-445-95", "snils-format"),
        (parse_snils, "112-233-445 9٥", "snils-format"),
        (parse_snils, "112233445", "snils-format"),
        (parse_snils, "112-233-445 95\n", "snils-format"),
        (parse_snils, "000-000-000 00", "snils-all-zeros"),
        (parse_snils, "112-233-445 96", "snils-check-digit"),
        (parse_ogrn, "", "ogrn-missing"),
        (parse_ogrn, "102773909977", "ogrn-length"),
        (parse_ogrn, "10277390997O2", "ogrn-not-digits"),
        (parse_ogrn, "0" * 13, "ogrn-all-zeros"),
        (parse_ogrn, "1027739099773", "ogrn-check-digit"),
        (parse_okato, "", "okato-missing"),
        (parse_okato, "4500", "okato-length"),
        (parse_okato, "4500A", "okato-not-digits"),
    ],
)
def test_a_bad_number_is_refused_by_code_and_never_quoted(
    parse: Callable[[str], str], text: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.code == code
    assert refused.value.field == code.split("-", maxsplit=1)[0]
    assert not text or text not in refused.value.sentence


@pytest.mark.parametrize("position", range(16))
def test_every_single_wrong_digit_of_an_enp_is_noticed(position: int) -> None:
    for digit in set("0123456789") - {ENP[position]}:
        wrong = ENP[:position] + digit + ENP[position + 1 :]
        assert not has_good_check_digit(wrong.encode())


def test_luhn_agrees_with_the_published_example() -> None:
    # ISO/IEC 7812-1, annex B: the account number 7992739871 takes the check digit 3.
    assert has_good_check_digit(b"079927398713")
    assert not has_good_check_digit(b"079927398710")


@pytest.mark.parametrize(
    ("snils", "rule"),
    [
        ("001-001-998 77", "not checked up to here"),
        ("001-001-999 65", "checked from here"),
        ("001-019-989 00", "a sum of 100 gives 00"),
        ("001-019-998 00", "a sum of 101 gives 00"),
        ("087-654-303 00", "a sum of 202 gives 00"),
        ("999-999-999 01", "a sum of 405 gives 01"),
    ],
)
def test_snils_check_digits_follow_the_rule(snils: str, rule: str) -> None:
    assert parse_snils(snils) == snils, rule


def test_the_first_checked_snils_is_checked() -> None:
    with pytest.raises(Refusal, match="check digits"):
        parse_snils("001-001-999 66")


def test_a_bare_snils_takes_its_usual_form() -> None:
    assert parse_snils("11223344595") == SNILS
    assert format_snils("1122334459x") is None


def test_an_ogrn_whose_remainder_is_ten_ends_in_nought() -> None:
    # The first twelve digits leave 10 when divided by 11.
    assert parse_ogrn("1000000000000") == "1000000000000"


def test_an_ogrn_names_the_column_it_stands_in() -> None:
    with pytest.raises(Refusal) as refused:
        parse_ogrn("", field="insurer_ogrn")
    assert refused.value.field == "insurer_ogrn"


def test_a_masked_enp_shows_its_last_four_digits() -> None:
    assert mask_enp(ENP) == "•" * 12 + "0015"
    assert mask_enp("15") == "15"
