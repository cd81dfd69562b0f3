"""Numbers of the field: ENP, SNILS, OGRN, OKATO. What is wrong with one is a ``Refusal``.

Source: domain.md, "Rules with teeth", 2, 3 and 5. The sentences never quote the number.
"""

import re
from typing import Final, NewType

from cardservice.errors import Refusal

Enp = NewType("Enp", str)  # 16 digits, Luhn
Snils = NewType("Snils", str)  # NNN-NNN-NNN CC
Ogrn = NewType("Ogrn", str)  # 13 digits
Okato = NewType("Okato", str)  # 5 digits
CertificateNumber = NewType("CertificateNumber", str)  # 9 digits

ENP_DIGITS: Final = 16
OGRN_DIGITS: Final = 13
OKATO_DIGITS: Final = 5  # a region's code is the first five of an OKATO's eleven digits
SNILS_DIGITS: Final = 11
CERTIFICATE_DIGITS: Final = 9
SHOWN_DIGITS: Final = 4  # the tail of an ENP that a screen or a log may show

_SNILS_WEIGHTS: Final = range(9, 0, -1)
_SNILS_MODULI: Final = (101, 100)
_OGRN_MODULI: Final = (11, 10)
_SNILS_FIRST_CHECKED: Final = 1_001_999  # numbers up to 001-001-998 were given without a check
_SNILS_FORM: Final = re.compile(r"([0-9]{3})-([0-9]{3})-([0-9]{3}) ([0-9]{2})", re.ASCII)
_ZERO: Final = ord("0")
_DOUBLED: Final = bytes(
    sum(divmod(2 * (octet - _ZERO), 10)) if 0 <= octet - _ZERO <= 9 else 0 for octet in range(256)
)


def has_good_check_digit(digits: bytes) -> bool:
    """Return whether ASCII ``digits``, an even number of them, pass Luhn mod 10.

    Source: ISO/IEC 7812-1, annex B.
    """
    doubled, plain = digits[::2], digits[1::2]
    return (sum(doubled.translate(_DOUBLED)) + sum(plain) - len(plain) * _ZERO) % 10 == 0


def parse_enp(text: str) -> Enp:
    """Return ``text`` as a policy number: 16 digits whose last one is right.

    The birth date and sex inside the number are not checked here, see
    ``cardservice.domain.enp.disagreements``.

    Raises:
        Refusal: ``enp-missing``, ``enp-not-digits``, ``enp-length`` or ``enp-check-digit``.
    """
    _expect_digits(text, ENP_DIGITS, name="enp", words="policy number", field="enp")
    if not has_good_check_digit(text.encode("ascii")):
        raise Refusal("enp-check-digit", "The policy number's check digit is wrong.", field="enp")
    return Enp(text)


def mask_enp(enp: str) -> str:
    """Return ``enp`` with all but its last four digits replaced by bullets."""
    return "•" * max(0, len(enp) - SHOWN_DIGITS) + enp[-SHOWN_DIGITS:]


def parse_snils(text: str) -> Snils:
    """Return ``text``, eleven digits bare or as ``NNN-NNN-NNN CC``, in the latter form.

    Raises:
        Refusal: ``snils-format``, ``snils-all-zeros`` or ``snils-check-digit``.
    """
    snils = format_snils(text)
    if snils is None:
        sentence = "The SNILS is not eleven digits in the form NNN-NNN-NNN CC."
        raise Refusal("snils-format", sentence, field="snils")
    digits = "".join(filter(str.isdigit, snils))
    number, check = digits[:-2], int(digits[-2:])
    if not int(number):
        raise Refusal("snils-all-zeros", "The SNILS is all zeros.", field="snils")
    if int(number) >= _SNILS_FIRST_CHECKED and _snils_check(number) != check:
        raise Refusal("snils-check-digit", "The SNILS's check digits are wrong.", field="snils")
    return snils


def format_snils(text: str) -> Snils | None:
    """Return eleven digits, bare or in the usual form, in the usual form; None: they are not that.

    The check digits are not looked at.
    """
    if _SNILS_FORM.fullmatch(text):
        return Snils(text)
    if len(text) == SNILS_DIGITS and text.isascii() and text.isdigit():
        return Snils(f"{text[:3]}-{text[3:6]}-{text[6:9]} {text[9:]}")
    return None


def _snils_check(number: str) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(number, _SNILS_WEIGHTS, strict=True))
    return _remainder(total, _SNILS_MODULI)


def _remainder(number: int, moduli: tuple[int, int]) -> int:
    # The second modulus only folds the remainders that the check digits have no room for.
    return number % moduli[0] % moduli[1]


def parse_ogrn(text: str, *, field: str = "ogrn") -> Ogrn:
    """Return ``text`` as an insurer's number in the state register: 13 digits, the last one right.

    Args:
        text: the number.
        field: the name of the field it stands in, for the refusal.

    Raises:
        Refusal: ``ogrn-missing``, ``ogrn-not-digits``, ``ogrn-length``, ``ogrn-all-zeros`` or
            ``ogrn-check-digit``.
    """
    _expect_digits(text, OGRN_DIGITS, name="ogrn", words="insurer's OGRN", field=field)
    if not int(text):
        raise Refusal("ogrn-all-zeros", "The insurer's OGRN is all zeros.", field=field)
    if _remainder(int(text[:-1]), _OGRN_MODULI) != int(text[-1]):
        raise Refusal(
            "ogrn-check-digit", "The insurer's OGRN has a wrong check digit.", field=field
        )
    return Ogrn(text)


def parse_okato(text: str, *, field: str = "okato") -> Okato:
    """Return ``text`` as a region's code: 5 digits; there is no check digit.

    Raises:
        Refusal: ``okato-missing``, ``okato-not-digits`` or ``okato-length``.
    """
    _expect_digits(text, OKATO_DIGITS, name="okato", words="region's OKATO", field=field)
    return Okato(text)


def parse_certificate_number(text: str) -> CertificateNumber:
    """Return ``text`` as a temporary certificate's number: 9 digits; there is no check digit.

    Raises:
        Refusal: ``certificate-number-missing``, ``certificate-number-not-digits`` or
            ``certificate-number-length``.
    """
    name, words = "certificate-number", "temporary certificate's number"
    _expect_digits(text, CERTIFICATE_DIGITS, name=name, words=words, field="certificate_number")
    return CertificateNumber(text)


def _expect_digits(text: str, count: int, *, name: str, words: str, field: str) -> None:
    if not text:
        raise Refusal(f"{name}-missing", f"The {words} is missing.", field=field)
    if not (text.isascii() and text.isdigit()):
        sentence = f"The {words} holds something other than the digits 0 to 9."
        raise Refusal(f"{name}-not-digits", sentence, field=field)
    if len(text) != count:
        sentence = f"The {words} has {len(text)} digits instead of {count}."
        raise Refusal(f"{name}-length", sentence, field=field)
