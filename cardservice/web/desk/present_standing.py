"""The bar that says how the desk stands, in one language."""

from collections.abc import Iterator

from cardservice.domain.proven_time import TimeGrade
from cardservice.texts.catalog import translations
from cardservice.texts.formats import show_age
from cardservice.texts.languages import Language
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.desk.views import StandingView

FEW_DAYS = 3  # of a certificate of seven: it should have been renewed by itself


def standing_view(standing: DeskStanding, language: Language) -> StandingView:
    """Return what the bar shows."""
    say = translations(language).gettext
    mark = "online" if standing.online else "offline"
    return StandingView(
        mark="trouble" if standing.troubles else mark,
        word=say("Online") if standing.online else say("Offline"),
        facts=tuple(_facts(standing, language)),
        troubles=tuple((say(one.sentence), say(one.remedy)) for one in standing.troubles),
    )


def _facts(standing: DeskStanding, language: Language) -> Iterator[str]:
    catalog = translations(language)
    say = catalog.gettext
    yield _list(standing, language)
    if standing.grade is TimeGrade.AT_LEAST:
        yield say("The time is the computer's own, so ages are at least that")
    if standing.grade is TimeGrade.UNKNOWN:
        yield say("The computer's clock is wrong: nothing is valid by it")
    if standing.queue:
        yield say("Not reported yet: {number}").format(number=standing.queue)
    days = standing.certificate_days
    if days is not None and days < FEW_DAYS:
        yield say("The desk's certificate ends, days left: {number}").format(number=days)


def _list(standing: DeskStanding, language: Language) -> str:
    say = translations(language).gettext
    if standing.list_age is None:
        return say("There is no list of blocked cards here")
    age = show_age(standing.list_age, language)
    if standing.grade is not TimeGrade.PROVEN:
        return say("Blocked cards known as of {age} or earlier").format(age=age)
    return say("Blocked cards known as of {age}").format(age=age)
