"""Every text of the papers: English sentences that are their own keys, and the Russian ones."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final

from babel.dates import format_date

from cardservice.domain.holder import Category, Sex

ENP_GROUP: Final = 4  # digits; a clerk compares the printed number group by group


@unique
class PaperLanguage(StrEnum):
    """The language of a paper's labels; what the office fills in stays as given."""

    RU = "ru"
    EN = "en"


_DATE_PATTERNS: Final = {PaperLanguage.RU: "dd.MM.yyyy", PaperLanguage.EN: "d MMM yyyy"}

SEXES: Final = MappingProxyType({Sex.MALE: "male", Sex.FEMALE: "female"})
CATEGORIES: Final = MappingProxyType(
    {
        Category.CITIZEN: "citizen of Russia",
        Category.PERMANENT_RESIDENT: "permanent resident",
        Category.TEMPORARY_RESIDENT: "temporary resident",
        Category.REFUGEE: "refugee or person with temporary asylum",
        Category.STATELESS: "stateless person",
        Category.EAEU_WORKER: "worker from the Eurasian Economic Union",
    }
)

CONSENT: Final = (
    "I ask to be insured under compulsory health insurance and to be given a policy. I have been "
    "told the rules of the insurance, and I agree to the processing of the personal data above as "
    "far as they require it. The data above are correct."
)
SERVES: Final = (
    "It confirms that a compulsory health insurance policy is being made, and entitles to medical "
    "care free of charge until then. Show it with an identity document."
)
ADVICE: Final = (
    "Collect the policy before this certificate ends. The certificate is then given back and "
    "serves no longer. If it is lost, ask the insurer."
)
SCAN: Final = "The insurer's signature: a desk checks it offline."
SHORTENED: Final = "Long names are shortened in the code."
LOST: Final = (
    "If the card is lost or stolen, call the insurer at once: it stops being valid. A new card "
    "is free of charge. Whoever finds it, please return it to the insurer."
)

RUSSIAN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TEMPORARY CERTIFICATE": "ВРЕМЕННОЕ СВИДЕТЕЛЬСТВО",
        "of compulsory health insurance": "обязательного медицинского страхования",
        "Temporary certificate": "Временное свидетельство",
        "APPLICATION FOR A POLICY": "ЗАЯВЛЕНИЕ О ВЫДАЧЕ ПОЛИСА",
        "Application for a policy": "Заявление о выдаче полиса",
        "HEALTH INSURANCE POLICY": "ПОЛИС ОМС",
        "compulsory health insurance": "обязательное медицинское страхование",
        "Health insurance card": "Карта полиса ОМС",
        "No.": "№",
        "page": "страница",
        "of": "из",
        "Valid": "Действительно",
        "from": "с",
        "until": "по",
        "Holder": "Застрахованное лицо",
        "Surname": "Фамилия",
        "Given name": "Имя",
        "Patronymic": "Отчество",
        "Sex": "Пол",
        "male": "мужской",
        "female": "женский",
        "Birth date": "Дата рождения",
        "Birth place": "Место рождения",
        "Citizenship": "Гражданство",
        "SNILS": "СНИЛС",
        "Policy number": "Номер полиса",
        "being assigned": "присваивается",
        "Category": "Категория",
        "citizen of Russia": "гражданин Российской Федерации",
        "permanent resident": "постоянно проживающий",
        "temporary resident": "временно проживающий",
        "refugee or person with temporary asylum": "беженец или получивший временное убежище",
        "stateless person": "лицо без гражданства",
        "worker from the Eurasian Economic Union": "трудящийся государства ЕАЭС",
        "Document": "Документ",
        "issued": "выдан",
        "valid until": "действителен по",
        "Insurer": "Страховщик",
        "OGRN": "ОГРН",
        "Region": "Регион",
        "Fund": "Фонд",
        "Address": "Адрес",
        "Phone": "Телефон",
        "E-mail": "Эл. почта",
        "Application": "Заявление",
        "Filed": "Подано",
        "Reason": "Причина",
        "Filed through": "Способ подачи",
        "Policy wanted": "Вид полиса",
        "To be collected at": "Место получения",
        "Contacts": "Контакты",
        "Documents": "Документы",
        "Representative": "Представитель",
        "Relation": "Кем приходится",
        "Authority": "Полномочия",
        "Accepted by": "Принял",
        "Signature of the holder or representative": "Подпись застрахованного или представителя",
        "Signature of the insurer's employee": "Подпись сотрудника страховщика",
        "Date": "Дата",
        "Stamp": "М. П.",
        CONSENT: (
            "Прошу застраховать меня (представляемое мною лицо) по обязательному медицинскому "
            "страхованию и выдать полис. С правилами страхования ознакомлен(а), на обработку "
            "указанных персональных данных в нужном для этого объёме согласен (согласна). "
            "Правильность указанных сведений подтверждаю."
        ),
        SERVES: (
            "Подтверждает оформление полиса обязательного медицинского страхования и до его "
            "выдачи даёт право на бесплатную медицинскую помощь. Предъявляется вместе с "
            "документом, удостоверяющим личность."
        ),
        ADVICE: (
            "Получите полис до окончания срока свидетельства: при выдаче полиса свидетельство "
            "сдаётся и больше не действует. При утрате обратитесь к страховщику."
        ),
        SCAN: "Подпись страховщика: проверяется без сети.",
        SHORTENED: "Длинные имена в коде сокращены.",
        "Valid until": "Срок действия",
        "unlimited": "бессрочно",
        "CAN": "CAN",
        "Card number": "Номер карты",
        LOST: (
            "Если карта утеряна или похищена, сразу позвоните страховщику: она перестанет "
            "действовать. Новая карта выдаётся бесплатно. Нашедшего просим вернуть карту "
            "страховщику."
        ),
    }
)


def say(text: str, language: PaperLanguage) -> str:
    """Return the English ``text`` in ``language``; KeyError if nobody has translated it."""
    return RUSSIAN[text] if language is PaperLanguage.RU else text


def show_date(day: date, language: PaperLanguage) -> str:
    """Return ``15.05.1980`` or ``15 May 1980``."""
    return format_date(day, _DATE_PATTERNS[language], locale=language.value)


def show_number(number: str, group: int) -> str:
    """Return digits in groups from the left, parted by blanks."""
    return " ".join(number[start : start + group] for start in range(0, len(number), group))
