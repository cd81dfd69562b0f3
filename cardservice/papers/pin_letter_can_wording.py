"""Every text of the letter of a new CAN, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cardservice.papers.wording import PaperLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class CanLetterTexts:
    """What the letter says besides names and the number.

    Attributes:
        title: what the paper is.
        check: on the outside: what to look at before it is opened.
        what_for, wrong, keep, lost: the paragraphs inside, in their order.
        card_number, can: labels.
    """

    title: str
    check: str
    what_for: str
    wrong: str
    keep: str
    lost: str
    card_number: str
    can: str


CAN_LETTER_TEXTS: Final[Mapping[PaperLanguage, CanLetterTexts]] = MappingProxyType(
    {
        PaperLanguage.EN: CanLetterTexts(
            title="New CAN of your health insurance card",
            check=(
                "Open it only if the edges are closed all round. If they are not, do not use "
                "the card and tell your insurer at once."
            ),
            what_for=(
                "Some readers show what is on your card only after the CAN, six digits, was "
                "typed. Your card has another CAN now. The six digits printed on the card are "
                "good no more: cross them out."
            ),
            wrong=(
                "A wrong CAN makes the card answer more slowly; it is never blocked by one. "
                "The CAN is not the PIN and changes nothing on the card. Your PIN stays as it was."
            ),
            keep=(
                "Keep this letter with your papers and have the CAN at hand where the card is "
                "shown. There is no second copy: nobody else knows the number."
            ),
            lost="If the letter is lost, ask your insurer for a new CAN. It costs nothing.",
            card_number="Card number",
            can="CAN",
        ),
        PaperLanguage.RU: CanLetterTexts(
            title="Новый номер доступа (CAN) вашей карты",
            check=(
                "Вскрывайте, только если края заклеены со всех сторон. Если нет, не "
                "пользуйтесь картой и сразу сообщите страховщику."
            ),
            what_for=(
                "Некоторые считыватели показывают данные карты только после ввода номера "
                "доступа (CAN), шести цифр. Теперь у вашей карты другой номер доступа. Шесть "
                "цифр, напечатанные на карте, больше не действуют: зачеркните их."
            ),
            wrong=(
                "После неверного номера карта отвечает медленнее, но не блокируется. Номер "
                "доступа — не PIN-код и ничего на карте не меняет. Ваш PIN-код прежний."
            ),
            keep=(
                "Храните письмо с документами и имейте номер при себе там, где предъявляете "
                "карту. Второго экземпляра нет: этого номера не знает никто другой."
            ),
            lost="Если письмо утеряно, попросите у страховщика новый номер. Это бесплатно.",
            card_number="Номер карты",
            can="Номер доступа (CAN)",
        ),
    }
)
