"""What a policy number says of its holder: worth a warning, never a refusal.

The official text is not public and wrongly issued numbers exist, so the layout below is
recovered: region (2 digits), month, year, day (2, 4, 2 digits), serial (5), check digit. The
date is written as the nines' complement of its digits, the year from its last digit to its
first. 20 is added to the month of those born up to 1950, 40 up to 2000, nothing after that; 50
is added to a man's day.
"""

from datetime import date
from typing import Final

from cardservice.domain.holder import Sex
from cardservice.domain.numbers import Enp, has_good_check_digit, parse_enp
from cardservice.errors import UsageError

DEMONSTRATION_REGION: Final = "00"  # domain.md, rule 2: test numbers are drawn with it

SERIAL_WIDTH: Final = 5  # digits

_COMPLEMENT: Final = str.maketrans("0123456789", "9876543210")
_MONTH, _YEAR, _DAY = slice(2, 4), slice(4, 8), slice(8, 10)
_MONTH_SHIFTS: Final = ((1950, 20), (2000, 40))  # last year of birth, added to the month
_MALE_DAY_SHIFT: Final = 50


def birth_code(birth_date: date, sex: Sex) -> str:
    """Return digits 3 to 10 of the number that a person so born has."""
    shift = next((added for last, added in _MONTH_SHIFTS if birth_date.year <= last), 0)
    day = birth_date.day + (_MALE_DAY_SHIFT if sex is Sex.MALE else 0)
    digits = f"{birth_date.month + shift:02}{f'{birth_date.year:04}'[::-1]}{day:02}"
    return digits.translate(_COMPLEMENT)


def demonstration_number(birth_date: date, sex: Sex, serial: int) -> Enp:
    """Return the policy number of the region that nobody lives in, as this person would have it.

    Args:
        birth_date: the fictional person's.
        sex: theirs.
        serial: 0 to 99,999; another one is another number.

    Raises:
        UsageError: ``serial`` is out of range.
    """
    if not 0 <= serial < 10**SERIAL_WIDTH:
        raise UsageError(f"a serial number has {SERIAL_WIDTH} digits")
    stem = f"{DEMONSTRATION_REGION}{birth_code(birth_date, sex)}{serial:0{SERIAL_WIDTH}}"
    numbers = (f"{stem}{digit}" for digit in range(10))
    return parse_enp(next(one for one in numbers if has_good_check_digit(one.encode())))


def disagreements(enp: Enp, *, birth_date: date, sex: Sex) -> tuple[str, ...]:
    """Return what in the number does not fit the person, in plain words; mostly nothing.

    Source: domain.md, "Rules with teeth", 2: only a warning.
    """
    expected = enp[:2] + birth_code(birth_date, sex)
    warnings = []
    if enp[_MONTH] != expected[_MONTH] or enp[_YEAR] != expected[_YEAR]:
        warnings.append("The birth month or year inside the policy number is another one.")
    if enp[_DAY] != expected[_DAY]:
        warnings.append("The birth day or the sex inside the policy number is another one.")
    return tuple(warnings)
