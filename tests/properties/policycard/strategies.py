"""Random records as an issuer could write them."""

from datetime import date
from typing import Final
from unicodedata import normalize

from hypothesis import strategies as st

from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils, has_good_check_digit
from cardservice.domain.texts import is_showable
from cardservice.policycard.identity import CardIdentity, Iccid
from cardservice.policycard.insurer import InsurerRecord, InsurerSignature
from cardservice.policycard.owner import OwnerRecord
from cardservice.policycard.photo import Photo, PhotoFormat

DATES: Final = st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 31))
NOT_1900: Final = DATES.filter(lambda day: day != date(1900, 1, 1))


def digits(count: int) -> st.SearchStrategy[str]:
    """Return strings of ``count`` digits."""
    return st.integers(0, 10**count - 1).map(lambda number: f"{number:0{count}}")


def texts(limit: int) -> st.SearchStrategy[str]:
    """Return texts that may stand on a card, Cyrillic ones among many others."""
    letters = st.one_of(
        st.characters(min_codepoint=0x400, max_codepoint=0x45F),
        st.characters(exclude_categories=["C", "Zl", "Zp"]),
    )
    composed = st.text(letters, min_size=1, max_size=limit).map(lambda one: normalize("NFC", one))
    return composed.filter(lambda one: 0 < len(one) <= limit and is_showable(one))


def _with_check_digit(number: str) -> str:
    return next(
        number + digit for digit in "0123456789" if has_good_check_digit((number + digit).encode())
    )


HOLDERS: Final = st.builds(
    Holder,
    enp=digits(15).map(_with_check_digit).map(Enp),
    surname=texts(60),
    given_name=texts(60),
    patronymic=st.none() | texts(60),
    sex=st.sampled_from(Sex),
    birth_date=DATES,
    birth_place=st.none() | texts(150),
    citizenship=st.none() | st.builds(Citizenship, code=texts(10), name=texts(100)),
    snils=st.none()
    | digits(11).map(lambda one: Snils(f"{one[:3]}-{one[3:6]}-{one[6:9]} {one[9:]}")),
)
PHOTOS: Final = st.builds(
    lambda kind, magic, rest: Photo(kind, magic + rest),
    st.just(PhotoFormat.JPEG),
    st.just(b"\xff\xd8\xff"),
    st.binary(max_size=600),
)
OWNERS: Final = st.builds(
    OwnerRecord,
    holder=HOLDERS,
    expiry=st.none() | NOT_1900,
    issue_date=st.none() | DATES,
    photo=st.none() | PHOTOS,
)
PERIODS: Final = st.builds(
    lambda ogrn, okato, days: InsurancePeriod(
        ogrn=Ogrn(ogrn),
        okato=Okato(okato),
        start_date=min(days),
        end_date=max(days) if len(days) > 1 else None,
    ),
    digits(13),
    digits(5),
    st.lists(DATES, min_size=1, max_size=2),
)
INSURERS: Final = st.builds(
    InsurerRecord,
    PERIODS,
    st.none()
    | st.builds(
        InsurerSignature,
        signature=st.binary(min_size=1, max_size=64),
        certificate=st.binary(min_size=1, max_size=1_500),
    ),
)
SERIALS: Final = st.binary(min_size=8, max_size=8)
CARD_IDS: Final = st.builds(
    CardIdentity,
    chip_serial=SERIALS,
    fund=digits(5),
    list_number=st.integers(0, 0xFFFF),
    list_index=st.integers(0, 0xFFFF_FFFF),
)
ICCIDS: Final = st.builds(Iccid, chip_serial=SERIALS, issuer_code=st.integers(0, 255))
