"""Fictional people, insurers and keys for the tests of papers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from cardservice.domain.holder import Category, Sex
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils
from cardservice.keystores.software_keys import EcdsaP256Key
from cardservice.papers.fonts import find_fonts
from cardservice.papers.statement.content import Statement, statement_of
from cardservice.papers.statement.signed import StatementKey
from cardservice.papers.values import (
    ApplicationForm,
    CardFace,
    PaperDocument,
    PaperInsurer,
    PaperPerson,
    PaperRepresentative,
    TemporaryCertificate,
)
from cardservice.policycard.photo import Photo, PhotoFormat

FONTS = find_fonts()
MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ISSUED, VALID_UNTIL = date(2026, 11, 22), date(2027, 1, 5)
OGRN, OTHER_OGRN = Ogrn("1009900000010"), Ogrn("1009900000120")

LONG_SURNAME = "Константинопольский-Задунайский-Переяславский-Воскресенский"
LONG_GIVEN_NAME = "Александра-Анастасия Мария-Магдалина Иоланда-Виктория Терезы"
LONG_PATRONYMIC = "Абдурахмангаджи-Мухаммадович оглы Ибрагимов-Зульфикаров-Оглы"

INSURER = PaperInsurer(
    name="Страховая медицинская организация «Образец»",
    ogrn=OGRN,
    okato=Okato("00001"),
    region="Образцовая область",
    address="Образцовая обл., г. Макетный, ул. Учебная, д. 22",
    phone="8 800 000-00-00",
)
PASSPORT = PaperDocument(
    kind="Паспорт",
    number="0000 123456",
    issuer="отделом по вопросам миграции г. Макетный",
    issued=date(2019, 2, 3),
)
PERSON = PaperPerson(
    surname="Цветков",
    given_name="Андрей",
    patronymic="Александрович",
    sex=Sex.MALE,
    birth_date=date(1999, 1, 5),
    birth_place="д. Заречье",
    citizenship="Россия",
    snils=Snils("508-328-107 70"),
    enp=Enp("0058000844000019"),
)
CERTIFICATE = TemporaryCertificate(
    number="012345678",
    application_number="2026-000017",
    fund="00042",
    category=Category.CITIZEN,
    person=PERSON,
    insurer=INSURER,
    issued=ISSUED,
    valid_until=VALID_UNTIL,
    document=PASSPORT,
    issued_by="Мамонтова У. В.",
)
FORM = ApplicationForm(
    number="2026-000017",
    filed=ISSUED,
    reason="Первый полис",
    channel="Сайт",
    carrier="Карта с чипом",
    category=Category.CITIZEN,
    person=PERSON,
    insurer=INSURER,
    documents=(PASSPORT,),
    address="Образцовая обл., г. Макетный, ул. Учебная, д. 22, кв. 112",
    phone="+7 900 000-63-91",
    email="person0@example.org",
    representative=PaperRepresentative(
        surname="Цветкова", given_name="Мария", relation="мать", document=PASSPORT
    ),
)
FACE = CardFace(person=PERSON, insurer=INSURER, card_number="00 0000 0001 2345", can="123456")


def person(**changes: Any) -> PaperPerson:
    """Return the usual person with changes."""
    return replace(PERSON, **changes)


def long_named() -> PaperPerson:
    """Return a person with the longest names there are."""
    return person(surname=LONG_SURNAME, given_name=LONG_GIVEN_NAME, patronymic=LONG_PATRONYMIC)


def statement(**changes: Any) -> Statement:
    """Return the usual certificate's statement with changes."""
    return replace(statement_of(CERTIFICATE), **changes)


@cache
def key(name: str = "statements") -> EcdsaP256Key:
    """Return the test key of that name, the same in every run."""
    scalar = int.from_bytes(sha256(name.encode()).digest()) >> 1
    return EcdsaP256Key(ec.derive_private_key(scalar, ec.SECP256R1()))


def trusted(name: str = "statements", insurer: Ogrn = OGRN) -> StatementKey:
    """Return the public half of ``key``, trusted for ``insurer``."""
    return StatementKey(insurer, key(name).public_key)


def photo(width: int = 120, height: int = 160, kind: PhotoFormat = PhotoFormat.JPEG) -> Photo:
    """Return a photo of one colour."""
    out = BytesIO()
    name = "JPEG" if kind is PhotoFormat.JPEG else "JPEG2000"
    Image.new("RGB", (width, height), "#405070").save(out, name)
    return Photo(kind, out.getvalue())
