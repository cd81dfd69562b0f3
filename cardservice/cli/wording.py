"""What the commands themselves say, in both languages; ``texts`` has the words of verdicts.

Errors and remedies are English everywhere: they are for those who run the service, and are looked
up as they stand.
"""

from collections.abc import Callable, Mapping
from typing import Final

from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language

Say = Callable[[str], str]
"""From an English text to the same in the language that was chosen."""

RUSSIAN: Final[Mapping[str, str]] = {
    # one card
    "Answer to reset": "Ответ на сброс (ATR)",
    "State": "Состояние",
    "Chip serial number": "Номер чипа",
    "Issuing fund": "Фонд-эмитент",
    "Status list": "Список статусов",
    "list {number}, place {index}": "список {number}, место {index}",
    "Key version": "Версия ключей",
    "Proved": "Подтверждено",
    "Cannot be proved": "Не подтверждено",
    "Passed over": "Пропущено",
    "not told": "не сообщается",
    "blank": "пустая",
    "personalized": "выпущена",
    "blocked": "заблокирована",
    "terminated": "выведена из обращения",
    "unknown ({octet})": "неизвестное ({octet})",
    "{commands} commands, {ms} ms": "команд: {commands}, {ms} мс",
    "Use --can, and type the six digits printed on the card.": (
        "Укажите --can и введите шесть цифр, напечатанных на карте."
    ),
    # the tour
    "cards": "карты",
    "valid": "годна",
    "invalid": "не годна",
    "undecided": "неясно",
    "unread": "не читается",
    "made in {ms} ms": "выпуск {ms} мс",
    "read in {ms} ms": "чтение {ms} мс",
    "Marks": "Отметки",
    "Cards": "Карты",
    "{cards}: {valid} valid, {invalid} invalid, {undecided} undecided": (
        "{cards}: годных {valid}, негодных {invalid}, неясных {undecided}"
    ),
    "Rows refused on the way": "Отклонено строк",
    "Made": "Выпуск",
    "Read": "Чтение",
    "{p50} ms, at most {p95} ms for 95 of 100; {apdus} commands a card": (
        "{p50} мс, у 95 из 100 не дольше {p95} мс; {apdus} команд на карту"
    ),
    # the station
    "{rows} rows tried, {refused} refused; {seconds} s, {rate} rows a second": (
        "Проверено строк: {rows}, отклонено: {refused}; {seconds} с, {rate} строк в секунду"
    ),
    # making cards
    "chip {serial}": "чип {serial}",
    "{made} of {wanted} cards made; {refused} rows refused": (
        "Выпущено карт: {made} из {wanted}; отклонено строк: {refused}"
    ),
}


def sayer(language: Language) -> Say:
    """Return what turns a text of the commands, or of the catalogs, into ``language``."""
    gettext = translations(language).gettext
    if language is Language.RU:
        return lambda text: RUSSIAN.get(text) or gettext(text)
    return gettext
