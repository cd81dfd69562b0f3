"""Every text of the shift report, in both languages."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cardservice.papers import wording
from cardservice.papers.wording import PaperLanguage, show_date

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "half-made-elsewhere": "Spoiled: begun elsewhere",
        "not-as-ordered": "Spoiled: not as ordered",
        "broken": "Spoiled: broken",
        "lost": "Spoiled: lost",
    }
)
WORKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "new-card": "New cards",
        "change-insurer": "Changes of insurer",
        "new-pin": "New PINs and PUKs",
        "new-can": "New CANs",
        "unblock-pin": "PINs unblocked",
        "terminate": "Cards ended",
    }
)
NEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "to-be-finished": "to be finished: put it back",
        "look-at-the-card": "to be looked at: put it back with its order",
    }
)
STOCK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "received": "Received",
        "in_tray": "In the tray",
        "begun": "Begun",
        "made": "Made",
        "spoiled": "Spoiled",
        "returned": "Given back",
    }
)
NO_TRACE: Final = (
    "Cards that were put into the error bin because they were no blanks of this station leave no "
    "entry in its journal and are not counted."
)
RUSSIAN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Shift report": "Отчёт о смене",
        "Station": "Станция",
        "Begin": "Начало",
        "End": "Окончание",
        "Cards": "Карты",
        "Cards made": "Выпущено карт",
        "Spoiled: begun elsewhere": "Испорчено: начаты в другом месте",
        "Spoiled: not as ordered": "Испорчено: не по заказу",
        "Spoiled: broken": "Испорчено: сломаны",
        "Spoiled: lost": "Испорчено: утеряны",
        "Spoiled chips erased": "Стёрто испорченных чипов",
        "Orders given back": "Возвращено заказов",
        "Outcomes not told yet": "Результатов не сообщено",
        "New cards": "Новые карты",
        "Changes of insurer": "Смены страховщика",
        "New PINs and PUKs": "Новые PIN и PUK",
        "New CANs": "Новые CAN",
        "PINs unblocked": "Разблокировано PIN",
        "Cards ended": "Выведено из обращения",
        "Work on cards that holders have": "Работы с картами владельцев",
        "By lane and hour": "По линиям и часам",
        "Hour": "Час",
        "Lane": "Линия",
        "All": "Всего",
        "Made, and spoiled after a stroke.": "Выпущено и, после дроби, испорчено.",
        "Blanks": "Заготовки",
        "Received": "Принято",
        "In the tray": "В лотке",
        "Begun": "Начато",
        "Made": "Выпущено",
        "Spoiled": "Испорчено",
        "Given back": "Возвращено",
        "at the begin": "в начале",
        "at the end": "в конце",
        "Cards not finished": "Незаконченные карты",
        "and more": "и ещё",
        "none": "нет",
        "to be finished: put it back": "закончить: вставьте снова",
        "to be looked at: put it back with its order": "проверить: вставьте вместе с её заказом",
        "Operator": "Оператор",
        "Keeper of the station": "Ответственный за станцию",
        NO_TRACE: (
            "Карты, положенные в лоток брака как чужие для этой станции, не оставляют записи в "
            "журнале и не учтены."
        ),
    }
)


def say(text: str, language: PaperLanguage) -> str:
    """Return the English ``text`` in ``language``; KeyError if nobody has translated it."""
    if language is PaperLanguage.RU and text in RUSSIAN:
        return RUSSIAN[text]
    return wording.say(text, language)


def show_moment(moment: datetime, language: PaperLanguage) -> str:
    """Return day and time of day, e.g. ``22.11.2026, 08:00``."""
    return f"{show_date(moment.date(), language)}, {moment:%H:%M}"
