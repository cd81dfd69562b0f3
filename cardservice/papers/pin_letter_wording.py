"""Every text of the PIN letter, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cardservice.papers.wording import PaperLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTexts:
    """What the letter says besides names and numbers.

    Attributes:
        title: what the paper is.
        check: on the outside: what to look at before it is opened.
        what_for, wrong, keep, lost: the paragraphs inside, in their order.
        card_number, pin, puk: labels.
    """

    title: str
    check: str
    what_for: str
    wrong: str
    keep: str
    lost: str
    card_number: str
    pin: str
    puk: str


LETTER_TEXTS: Final[Mapping[PaperLanguage, LetterTexts]] = MappingProxyType(
    {
        PaperLanguage.EN: LetterTexts(
            title="PIN of your health insurance card",
            check=(
                "Open it only if the edges are closed all round. If they are not, do not use "
                "the card and tell your insurer at once."
            ),
            what_for=(
                "You need the PIN when data on your card are to be changed: for another "
                "insurer, or for another PIN. A doctor never needs it, and nobody may ask you "
                "for it by telephone or in a message."
            ),
            wrong=(
                "After three wrong PINs in a row the card takes none any more. The PUK opens "
                "it again; after ten wrong PUKs a new card is needed."
            ),
            keep=(
                "Keep this letter away from the card, or learn the numbers and destroy it. "
                "There is no second copy: nobody else knows these numbers."
            ),
            lost="If the letter is lost, ask your insurer for a new PIN. It costs nothing.",
            card_number="Card number",
            pin="PIN",
            puk="PUK",
        ),
        PaperLanguage.RU: LetterTexts(
            title="PIN-код вашей карты полиса ОМС",
            check=(
                "Вскрывайте, только если края заклеены со всех сторон. Если нет, не "
                "пользуйтесь картой и сразу сообщите страховщику."
            ),
            what_for=(
                "PIN-код нужен, чтобы изменить данные на карте: при смене страховщика или "
                "самого PIN-кода. Врачу он не нужен никогда; по телефону и в сообщениях его "
                "не вправе спрашивать никто."
            ),
            wrong=(
                "После трёх неверных PIN-кодов подряд карта их больше не принимает. Её "
                "откроет PUK-код; после десяти неверных PUK-кодов нужна новая карта."
            ),
            keep=(
                "Храните письмо отдельно от карты или запомните числа и уничтожьте его. "
                "Второго экземпляра нет: этих чисел не знает никто другой."
            ),
            lost=("Если письмо утеряно, попросите у страховщика новый PIN-код. Это бесплатно."),
            card_number="Номер карты",
            pin="PIN-код",
            puk="PUK-код",
        ),
    }
)
