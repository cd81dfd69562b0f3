"""The words of notifications, Russian and English, with as little of a person as they can do with.

No name, no policy number, no reason of a refusal: whoever reads along over a shoulder or on a
mail server learns that somebody deals with the service, and the number of an application.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template as Pattern
from types import MappingProxyType
from typing import Final

from cardservice.domain.texts import is_showable
from cardservice.errors import Refusal
from cardservice.registry.outbox_values import NoticeLanguage, Template, Text

VALUE_LENGTH: Final = 200  # characters of one parameter
SHORT_LENGTH: Final = 300  # characters: an SMS of five parts in Cyrillic


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    body: str
    short: str


_SIGNED_RU: Final = "\n\nЭто письмо отправлено автоматически, отвечать на него не нужно.\n"
_SIGNED_EN: Final = "\n\nThis letter was sent by a program; there is no need to answer.\n"

_CERTIFICATE_RU: Final = "До тех пор служит временное свидетельство, если оно вам выдано."
_CERTIFICATE_EN: Final = "Until then the temporary certificate serves, if you were given one."

PARAMETERS: Final[Mapping[Template, frozenset[str]]] = MappingProxyType(
    {
        Template.READY_FOR_COLLECTION: frozenset({"application", "place"}),
        Template.DOCUMENTS_NEEDED: frozenset({"application", "until"}),
        Template.REFUSED: frozenset({"application"}),
        Template.APPROVED_CARD: frozenset({"application", "until"}),
        Template.APPROVED_CARD_AT: frozenset({"application", "until", "place"}),
        Template.APPROVED_PAPER: frozenset({"application", "until"}),
        Template.APPROVED_PAPER_AT: frozenset({"application", "until", "place"}),
        Template.APPROVED_CHANGE: frozenset({"application", "until"}),
        Template.COMPLAINT_ANSWERED: frozenset({"complaint"}),
        Template.ONE_TIME_CODE: frozenset({"code", "minutes"}),
        Template.ABUSE_SIGN: frozenset({"sign", "kind"}),
    }
)

_RUSSIAN: Final = {
    Template.READY_FOR_COLLECTION: _Words(
        "Полис готов к выдаче",
        "Полис по заявлению $application готов. Его можно получить по адресу: $place.\n"
        "Возьмите с собой документ, удостоверяющий личность.",
        "Полис по заявлению $application готов: $place",
    ),
    Template.DOCUMENTS_NEEDED: _Words(
        "К заявлению нужны документы",
        "К заявлению $application нужны ещё документы. Какие именно, видно на странице заявления.\n"
        "Пришлите их до $until.",
        "К заявлению $application нужны документы до $until",
    ),
    Template.REFUSED: _Words(
        "Решение по заявлению",
        "По заявлению $application принято решение об отказе. Причина указана на странице "
        "заявления; там же можно подать жалобу.",
        "По заявлению $application отказано, причина на странице заявления",
    ),
    Template.APPROVED_CARD: _Words(
        "Заявление одобрено",
        "Заявление $application одобрено. Карта будет изготовлена до $until; когда её можно будет "
        "получить и где, мы сообщим отдельно.\n" + _CERTIFICATE_RU,
        "Заявление $application одобрено, карта будет готова до $until",
    ),
    Template.APPROVED_CARD_AT: _Words(
        "Заявление одобрено",
        "Заявление $application одобрено. Карта будет изготовлена до $until и доставлена по "
        "адресу: $place. Когда она будет там, мы сообщим отдельно.\n" + _CERTIFICATE_RU,
        "Заявление $application одобрено, карта будет готова до $until: $place",
    ),
    Template.APPROVED_PAPER: _Words(
        "Заявление одобрено",
        "Заявление $application одобрено. Бумажный полис можно будет получить до $until там, где "
        "подано заявление.\nВозьмите с собой документ, удостоверяющий личность.\n"
        + _CERTIFICATE_RU,
        "Заявление $application одобрено, бумажный полис будет готов до $until",
    ),
    Template.APPROVED_PAPER_AT: _Words(
        "Заявление одобрено",
        "Заявление $application одобрено. Бумажный полис можно будет получить до $until по адресу: "
        "$place.\nВозьмите с собой документ, удостоверяющий личность.\n" + _CERTIFICATE_RU,
        "Заявление $application одобрено, бумажный полис будет готов до $until: $place",
    ),
    Template.APPROVED_CHANGE: _Words(
        "Заявление одобрено",
        "Заявление $application одобрено: страховая компания изменена. Номер полиса прежний.\n"
        "Если у вас карта, сведения о компании запишут на неё до $until в пункте выдачи; возьмите "
        "карту с собой.",
        "Заявление $application одобрено; запись на карту до $until в пункте выдачи",
    ),
    Template.COMPLAINT_ANSWERED: _Words(
        "Ответ на обращение",
        "На обращение $complaint дан ответ. Его можно прочесть на странице обращения; если вы "
        "просили ответить почтой, он отправлен письмом.",
        "На обращение $complaint дан ответ, он на странице обращения",
    ),
    Template.ONE_TIME_CODE: _Words(
        "Код для входа",
        "Код для входа: $code. Он действует $minutes мин. и только один раз.\n"
        "Никому его не сообщайте. Если вы не входили, ничего делать не нужно.",
        "Код для входа: $code. Действует $minutes мин. Никому не сообщайте.",
    ),
    Template.ABUSE_SIGN: _Words(
        "Признак злоупотребления",
        "Замечен признак злоупотребления картой: $kind. Он описан на странице «Признаки "
        "злоупотребления» под номером $sign.",
        "Признак злоупотребления картой: $kind, номер $sign",
    ),
}
_ENGLISH: Final = {
    Template.READY_FOR_COLLECTION: _Words(
        "Your policy is ready",
        "The policy of application $application is ready. You can collect it at: $place.\n"
        "Bring an identity document.",
        "The policy of application $application is ready: $place",
    ),
    Template.DOCUMENTS_NEEDED: _Words(
        "Your application needs documents",
        "Application $application needs more documents. Its page says which.\n"
        "Send them before $until.",
        "Application $application needs documents before $until",
    ),
    Template.REFUSED: _Words(
        "The decision on your application",
        "Application $application was refused. Its page says why, and takes a complaint.",
        "Application $application was refused; its page says why",
    ),
    Template.APPROVED_CARD: _Words(
        "Your application is approved",
        "Application $application is approved. A card will be made by $until; when and where you "
        "can collect it, another letter will say.\n" + _CERTIFICATE_EN,
        "Application $application is approved; the card will be made by $until",
    ),
    Template.APPROVED_CARD_AT: _Words(
        "Your application is approved",
        "Application $application is approved. A card will be made by $until and brought to: "
        "$place. When it is there, another letter will say.\n" + _CERTIFICATE_EN,
        "Application $application is approved; the card will be made by $until: $place",
    ),
    Template.APPROVED_PAPER: _Words(
        "Your application is approved",
        "Application $application is approved. The paper policy will be ready by $until where you "
        "applied.\nBring an identity document.\n" + _CERTIFICATE_EN,
        "Application $application is approved; the paper policy will be ready by $until",
    ),
    Template.APPROVED_PAPER_AT: _Words(
        "Your application is approved",
        "Application $application is approved. The paper policy will be ready by $until at: "
        "$place.\nBring an identity document.\n" + _CERTIFICATE_EN,
        "Application $application is approved; the paper policy will be ready by $until: $place",
    ),
    Template.APPROVED_CHANGE: _Words(
        "Your application is approved",
        "Application $application is approved: the insurer is changed. The policy number stays.\n"
        "If you hold a card, the insurer's record will be written to it at a place of issue by "
        "$until; bring the card.",
        "Application $application is approved; record onto the card by $until at a place of issue",
    ),
    Template.COMPLAINT_ANSWERED: _Words(
        "Your complaint is answered",
        "Complaint $complaint is answered. You can read the answer on its page; if you asked for "
        "one by post, it was sent.",
        "Complaint $complaint is answered; the answer is on its page",
    ),
    Template.ONE_TIME_CODE: _Words(
        "Your sign-in code",
        "Your sign-in code: $code. It is good for $minutes minutes, and once.\n"
        "Tell it to nobody. If you did not sign in, there is nothing to do.",
        "Sign-in code: $code. Good for $minutes min. Tell it to nobody.",
    ),
    Template.ABUSE_SIGN: _Words(
        "Sign of abuse",
        "A sign of abuse of a card was seen: $kind. The page of signs has it under $sign.",
        "Sign of abuse of a card: $kind, $sign",
    ),
}
_WORDS: Final[Mapping[NoticeLanguage, Mapping[Template, _Words]]] = {
    "ru": _RUSSIAN,
    "en": _ENGLISH,
}
_SIGNED: Final[Mapping[NoticeLanguage, str]] = {"ru": _SIGNED_RU, "en": _SIGNED_EN}


def render(template: Template, language: NoticeLanguage, parameters: Mapping[str, str]) -> Text:
    """Return the words; a value is put in as it is and never read as a pattern.

    Raises:
        Refusal: ``parameters-wrong``: missing, unknown, too long, or with a hidden character.
    """
    _require(template, parameters)
    words = _WORDS[language][template]
    return Text(
        subject=words.subject,
        body=Pattern(words.body).substitute(parameters) + _SIGNED[language],
        short=Pattern(words.short).substitute(parameters)[:SHORT_LENGTH],
    )


def _require(template: Template, parameters: Mapping[str, str]) -> None:
    values = parameters.values()
    fit = all(0 < len(one) <= VALUE_LENGTH and is_showable(one) for one in values)
    if parameters.keys() != PARAMETERS[template] or not fit:
        names = ", ".join(sorted(PARAMETERS[template]))
        sentence = f"The notification {template.value} takes these short texts: {names}."
        raise Refusal("parameters-wrong", sentence, field="parameters")
