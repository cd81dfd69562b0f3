"""Today's presentations in one language; no person is in it."""

from cardservice.domain.verdict import Outcome
from cardservice.texts.catalog import translations
from cardservice.texts.desk import BEARERS, PAPER_VALID, REGISTER_TOLD, SUBSTITUTES
from cardservice.texts.languages import Language
from cardservice.texts.tables import OUTCOMES, PROBLEMS, REASONS
from cardservice.verify.examination import Problem
from cardservice.web.desk.past import History, Past
from cardservice.web.desk.present_refusals import refused_paper
from cardservice.web.desk.views import PastView


def history_view(history: History, language: Language) -> tuple[PastView, ...]:
    """Return the lines of the list, the newest first."""
    return tuple(_line(one, language) for one in history.past)


def _line(past: Past, language: Language) -> PastView:
    say = translations(language).gettext
    return PastView(
        time=f"{past.at:%H:%M}",
        reader=past.reader or say("Without a reader"),
        mark=past.outcome.value if past.outcome else "problem",
        word=_word(past, language),
        sentence=_sentence(past, language),
        bearer=None if past.bearer is None else say(BEARERS[past.bearer].word),
        substitute=None if past.told is None else say(REGISTER_TOLD[past.told.value]),
    )


def _word(past: Past, language: Language) -> str:
    say = translations(language).gettext
    if past.outcome is not None:
        return say(OUTCOMES[past.outcome].word)
    if isinstance(past.reason, Problem):
        return say(PROBLEMS[past.reason].word)
    return say("Register")


def _sentence(past: Past, language: Language) -> str:
    say = translations(language).gettext
    if past.refusal is not None:
        return refused_paper(*past.refusal, language)
    if isinstance(past.reason, Problem):
        return say(PROBLEMS[past.reason].sentence)
    if past.outcome is Outcome.VALID:
        return say(OUTCOMES[Outcome.VALID].sentence if past.reader else PAPER_VALID.sentence)
    if past.reason is not None:
        return say(REASONS[past.reason].sentence)
    return "" if past.substitute is None else say(SUBSTITUTES[past.substitute])
