"""Distinguished names of the scheme's certificates, and the funds they speak of.

Source: RFC 5280, 4.1.2.4 and appendix A (upper bounds); ICAO 9303-12, 7.1.1 (country).
"""

import re
from dataclasses import dataclass

from cardservice.errors import UsageError
from cardservice.pki import der
from cardservice.pki.der import DerTag

COUNTRY = "2.5.4.6"
ORGANIZATION = "2.5.4.10"
COMMON_NAME = "2.5.4.3"

LONGEST_ORGANIZATION = 64  # characters: ub-organization-name
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
FUND_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Fund:
    """An issuing fund: ``code`` is five digits, as in EF.CardID; ``name`` is for people.

    Raises:
        UsageError: another code, or a name a certificate has no room for (64 characters).
    """

    code: str
    name: str

    def __post_init__(self) -> None:
        if not FUND_CODE.fullmatch(self.code):
            raise UsageError("a fund's code is five digits")
        _require_organization(self.name)


def root_name(organization: str, *, country: str = "RU") -> bytes:
    """Return the Name of a root, DER; a root and its successors bear the same."""
    return _name(country, organization, "Policy Root CA")


def signer_name(fund: Fund, *, country: str = "RU") -> bytes:
    """Return the Name of a fund's document signers, DER."""
    return _name(country, fund.name, f"Policy Document Signer {fund.code}")


def _name(country: str, organization: str, common_name: str) -> bytes:
    if not COUNTRY_CODE.fullmatch(country):
        raise UsageError("a country is two upper-case letters")
    return der.sequence(
        _attribute(COUNTRY, der.encode(DerTag.PRINTABLE_STRING, country.encode("ascii"))),
        _attribute(ORGANIZATION, _text(_require_organization(organization))),
        _attribute(COMMON_NAME, _text(common_name)),
    )


def _attribute(dotted: str, value: bytes) -> bytes:
    return der.set_of(der.sequence(der.oid(dotted), value))


def _text(text: str) -> bytes:
    return der.encode(DerTag.UTF8_STRING, text.encode())


def _require_organization(name: str) -> str:
    if not 1 <= len(name) <= LONGEST_ORGANIZATION:
        raise UsageError(f"an organization's name has 1 to {LONGEST_ORGANIZATION} characters")
    return name
