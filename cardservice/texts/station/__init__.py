"""What a station says to its operator: every state, step, code and remedy, in both languages.

Every text is an English sentence and the key of its translation in ``locale``.
"""

from collections.abc import Mapping
from gettext import NullTranslations
from types import MappingProxyType
from typing import Final

from cardservice.personalization.jobs import Work
from cardservice.personalization.lanes import LaneState, LaneView
from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import merged
from cardservice.texts.office.sentences import knows, sentence
from cardservice.texts.phrases import Phrase
from cardservice.texts.station.cards import CARDS
from cardservice.texts.station.checks import CHECKS
from cardservice.texts.station.held import HELD
from cardservice.texts.station.jobs import JOBS
from cardservice.texts.station.journal import JOURNAL
from cardservice.texts.station.keys import KEYS
from cardservice.texts.station.page import ACTIONS, FACTS, LANE, SHARES
from cardservice.texts.station.photos import PHOTOS
from cardservice.texts.station.preflight import PREFLIGHT
from cardservice.texts.station.printing import PRINTING
from cardservice.texts.station.registry import REGISTRY
from cardservice.texts.station.states import (
    CODE_DECIDES,
    HOLDERS_CARD,
    NEXT,
    STATES,
    STEPS,
    UNKNOWN_REMEDY,
    UNKNOWN_SENTENCE,
    WORKS,
)
from cardservice.texts.station.stock import STOCK

PACKAGE: Final = "cardservice.texts.station"

GROUPS: Final[Mapping[str, Mapping[str, Phrase]]] = MappingProxyType(
    {
        "Cards, readers, feeders": CARDS,
        "Jobs": JOBS,
        "Pre-flight": PREFLIGHT,
        "Cards that holders have": HELD,
        "Printing": PRINTING,
        "Photos": PHOTOS,
        "Stock": STOCK,
        "Registry and central service": REGISTRY,
        "Journal and disk": JOURNAL,
        "Clock, keys, program": CHECKS,
        "Security module": KEYS,
    }
)
"""Heading → code → what is said of it, in the order of a page that lists all of them."""

FAULTS: Final[Mapping[str, Phrase]] = MappingProxyType(
    {code: phrase for group in GROUPS.values() for code, phrase in group.items()}
)
"""Code → sentence and remedy; both end with a full stop."""


def station_translations(language: Language) -> NullTranslations:
    """Return what turns a station's English texts into ``language``."""
    return merged(language, PACKAGE)


def fault_phrase(code: str, language: Language) -> Phrase:
    """Return what is said of ``code``, in ``language``.

    A code of the registry that no station knows has the registry's sentence, any other one that
    says so.
    """
    say = station_translations(language).gettext
    known = FAULTS.get(code)
    if known is not None:
        return Phrase(say(known.sentence), say(known.remedy or UNKNOWN_REMEDY))
    of_registry = knows(code, Language.RU)
    said = sentence(code, "", language) if of_registry else say(UNKNOWN_SENTENCE)
    return Phrase(said, say(UNKNOWN_REMEDY))


def next_step(state: LaneState, code: str, work: Work, language: Language) -> str:
    """Return what the operator does next, one sentence.

    Args:
        state: where the lane stands.
        code: why; empty: nothing is wrong.
        work: of the job in hand.
        language: the operator's.
    """
    if code and state in CODE_DECIDES:
        return fault_phrase(code, language).remedy or ""
    wants_held_card = state is LaneState.NO_CARD and work is not Work.NEW_CARD
    return station_translations(language).gettext(HOLDERS_CARD if wants_held_card else NEXT[state])


def next_step_of(lane: LaneView, language: Language) -> str:
    """Return what the operator of ``lane`` does next, one sentence."""
    return next_step(lane.state, lane.code, lane.work, language)


def every_text() -> set[str]:
    """Return every English text of these tables, for the test that looks for translations."""
    phrases = (text for one in FAULTS.values() for text in (one.sentence, one.remedy or ""))
    words = (*STATES.values(), *STEPS.values(), *WORKS.values(), *NEXT.values(), *GROUPS)
    page = (*FACTS, *SHARES.values(), *ACTIONS.values(), LANE)
    return {*phrases, *words, *page, HOLDERS_CARD, UNKNOWN_SENTENCE, UNKNOWN_REMEDY}
