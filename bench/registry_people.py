"""Fictional policies by number: region 00, names from this list, the same every time.

Rows come as PostgreSQL's COPY reads them, which is the fast way in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Final

from cardservice.domain.enp import birth_code
from cardservice.domain.holder import Sex
from cardservice.domain.search_text import name_key

REGION: Final = "00000"
APPLICATION_EACH: Final = 10  # policies: one in ten has an application that is not old yet
WAITING_EACH: Final = 10  # applications: one in ten waits for a clerk
DUE_DAYS: Final = 30
TODAY: Final = date(2030, 1, 1)
SECOND: Final = datetime(2030, 1, 1, tzinfo=UTC).isoformat(sep=" ")


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_FIRST_BIRTH: Final = date(1940, 1, 1)
_BIRTHS: Final = 30_000  # days; then the sexes and the serial numbers take turns
_STEMS: Final = [
    "Бел",
    "Берёз",
    "Волк",
    "Ворон",
    "Галк",
    "Голуб",
    "Горбун",
    "Гус",
    "Дрозд",
    "Дуб",
    "Журавл",
    "Зайц",
    "Звер",
    "Зор",
    "Зябл",
    "Ив",
    "Калин",
    "Камн",
    "Клён",
    "Ковал",
    "Козл",
    "Комар",
    "Копыт",
    "Кораб",
    "Корол",
    "Кос",
    "Кот",
    "Крыл",
    "Кузнец",
    "Лап",
    "Лебед",
    "Лис",
    "Лос",
    "Луг",
    "Лук",
    "Льв",
    "Мороз",
    "Мур",
    "Ноч",
    "Овс",
    "Огн",
    "Озер",
    "Орл",
    "Осин",
    "Пер",
    "Песк",
    "Пет",
    "Печ",
    "Пирог",
    "Пол",
    "Пух",
    "Реп",
    "Роз",
    "Рос",
    "Руч",
    "Рыб",
    "Сад",
    "Сер",
    "Син",
    "Скворц",
    "Снег",
    "Сокол",
    "Солнц",
    "Сом",
    "Сосн",
    "Сот",
    "Стрел",
    "Сух",
    "Тепл",
    "Трав",
    "Туман",
    "Тур",
    "Утк",
    "Фил",
    "Хвост",
    "Хлеб",
    "Цапл",
    "Чайк",
    "Черн",
    "Чиж",
    "Шал",
    "Шип",
    "Щук",
    "Юр",
    "Яблок",
    "Ягод",
    "Яким",
    "Ясен",
]
_ENDINGS: Final = ("ов", "ин", "кин", "ёв", "ников", "овский", "енко", "ук")
_GIVEN: Final = {
    Sex.MALE: [
        "Артём",
        "Борис",
        "Виктор",
        "Глеб",
        "Дмитрий",
        "Егор",
        "Захар",
        "Иван",
        "Кирилл",
        "Лев",
        "Марк",
        "Олег",
        "Пётр",
        "Роман",
        "Семён",
        "Тимур",
        "Фёдор",
        "Юрий",
        "Яков",
    ],
    Sex.FEMALE: [
        "Алёна",
        "Вера",
        "Галина",
        "Дарья",
        "Ева",
        "Жанна",
        "Зоя",
        "Инна",
        "Кира",
        "Лидия",
        "Майя",
        "Нина",
        "Ольга",
        "Полина",
        "Раиса",
        "София",
        "Тамара",
        "Ульяна",
        "Яна",
    ],
}
_FATHERS: Final = [
    "Артёмов",
    "Борисов",
    "Викторов",
    "Глебов",
    "Дмитриев",
    "Егоров",
    "Захаров",
    "Иванов",
    "Кириллов",
    "Львов",
    "Марков",
    "Олегов",
    "Петров",
    "Романов",
    "Семёнов",
    "Тимуров",
    "Фёдоров",
    "Юрьев",
    "Яковлев",
]
_MIX: Final = 2_654_435_761  # a prime: neighbours in number are strangers in name
_WEIGHT: Final = str.maketrans("0123456789", "0246813579")  # a digit doubled, its digits summed

PERSONS: Final = [
    "region",
    "id",
    "version",
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "category",
    "created_at",
    "name_key",
]
POLICIES: Final = [
    "region",
    "id",
    "version",
    "person_id",
    "enp",
    "state",
    "opened_on",
    "created_at",
]
NUMBERS: Final = _words("enp region id")
CARDS: Final = [
    "region",
    "id",
    "version",
    "number",
    "policy_id",
    "state",
    "created_at",
    "updated_at",
]
APPLICATIONS: Final = [
    "region",
    "id",
    "version",
    "number",
    "state",
    "channel",
    "reason",
    "category",
    "person_id",
    "birth_date",
    "draft",
    "due_on",
    "entered_by",
    "entered_at",
    "updated_at",
]

_PIECE: Final = 2000  # rows given on at a time


@dataclass(frozen=True, slots=True)
class Person:
    """What a look-up needs to know of a person."""

    surname: str
    given_name: str
    patronymic: str
    sex: Sex
    birth_date: date


def person(number: int) -> Person:
    """Return the ``number``th person."""
    sex = _sex(number)
    mixed = number * _MIX
    woman = sex is Sex.FEMALE
    stem, ending = _STEMS[(mixed >> 8) % len(_STEMS)], _ENDINGS[(mixed >> 20) % len(_ENDINGS)]
    surname = stem + (_of_a_woman(ending) if woman else ending)
    father = _FATHERS[(mixed >> 12) % len(_FATHERS)]
    given = _GIVEN[sex][(mixed >> 16) % len(_GIVEN[sex])]
    return Person(surname, given, father + ("на" if woman else "ич"), sex, _birth(number))


def enp(number: int) -> str:
    """Return the policy number of the ``number``th person."""
    serial = number // (2 * _BIRTHS)
    digits = f"{_prefix(number % _BIRTHS, _sex(number))}{serial:05}"
    total = sum(map(int, digits[::2].translate(_WEIGHT))) + sum(map(int, digits[1::2]))
    return f"{digits}{-total % 10}"


def _sex(number: int) -> Sex:
    return Sex.FEMALE if number // _BIRTHS % 2 else Sex.MALE


def _birth(number: int) -> date:
    return _FIRST_BIRTH + timedelta(days=number % _BIRTHS)


@cache
def _prefix(day: int, sex: Sex) -> str:
    return "00" + birth_code(_birth(day), sex)


def _of_a_woman(ending: str) -> str:
    if ending.endswith("ский"):
        return ending[:-2] + "ая"
    return ending if ending in {"енко", "ук"} else f"{ending}а"


@cache
def _key(surname: str, given_name: str, patronymic: str) -> str:
    return name_key(surname, given_name, patronymic)


def _id(kind: int, number: int) -> str:
    return f"01900000-0000-7000-{0x8000 + kind:04x}-{number:012x}"


def _person_row(number: int) -> str:
    one = person(number)
    key = _key(one.surname, one.given_name, one.patronymic)
    return (
        f"{REGION}\t{_id(0, number)}\t1\t{one.surname}\t{one.given_name}\t{one.patronymic}\t"
        f"{one.sex}\t{one.birth_date}\tcitizen\t{SECOND}\t{key}\n"
    )


def _policy_row(number: int) -> str:
    ids = f"{REGION}\t{_id(1, number)}\t1\t{_id(0, number)}"
    return f"{ids}\t{enp(number)}\tactive\t{TODAY}\t{SECOND}\n"


def _number_row(number: int) -> str:
    return f"{enp(number)}\t{REGION}\t{_id(1, number)}\n"


def _card_row(number: int) -> str:
    ids = f"{REGION}\t{_id(2, number)}\t1\t{number + 1}\t{_id(1, number)}"
    return f"{ids}\tactive\t{SECOND}\t{SECOND}\n"


def _application_row(number: int) -> str:
    state = "submitted" if number % WAITING_EACH == 0 else "approved"
    due_on = TODAY + timedelta(days=number // WAITING_EACH % DUE_DAYS)
    whose = number * APPLICATION_EACH
    return (
        f"{REGION}\t{_id(3, number)}\t1\t{number + 1}\t{state}\toffice\tfirst-policy\tcitizen\t"
        f"{_id(0, whose)}\t{_birth(whose)}\t{{}}\t{due_on}\tclerk\t{SECOND}\t{SECOND}\n"
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One table's columns, how many policies share a row, and how a row is written."""

    columns: Sequence[str]
    each: int
    row: Callable[[int], str]

    def rows(self, policies: int) -> Iterator[bytes]:
        """Yield the table's rows for so many policies, some thousand at a time."""
        lines = map(self.row, range(-(-policies // self.each)))
        while piece := "".join(islice(lines, _PIECE)):
            yield piece.encode()


PARTS: Final[Mapping[str, Part]] = {
    "persons": Part(PERSONS, 1, _person_row),
    "policies": Part(POLICIES, 1, _policy_row),
    "policy_numbers": Part(NUMBERS, 1, _number_row),
    "cards": Part(CARDS, 1, _card_row),
    "applications": Part(APPLICATIONS, APPLICATION_EACH, _application_row),
}
"""In the order in which they name each other."""
