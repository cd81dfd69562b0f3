"""The page in one language, whole and in parts."""

from functools import cache
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from simulators.cardmap import Phrase
from simulators.web.assets import asset_url
from simulators.web.catalog import translations
from simulators.web.languages import NAMES, Language
from simulators.web.views import Desk


def render(template: str, language: Language, **values: object) -> str:
    """Return a template filled in. Every value is escaped: a card may hold any text."""
    said = _environment(language).get_template(template)
    return said.render(language=language.value, languages=NAMES, **values)


def parts(desk: Desk, language: Language, token: str) -> dict[str, Any]:
    """Return the parts of the page that change, each with a key that stays."""
    panels = {
        panel.key: render("panel.html", language, panel=panel, plans=desk.plans, token=token)
        for panel in desk.panels
    }
    return {
        "readers": list(panels),
        "panels": panels,
        "cards": render("cards.html", language, cards=desk.cards, chosen=""),
        "events": render("events.html", language, events=desk.events),
        "newest": desk.events[0].number if desk.events else 0,
        "announcement": render("announcement.html", language, events=desk.events[:1]).strip(),
    }


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("simulators.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    said = translations(language)
    environment.install_gettext_callables(said.gettext, said.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["asset_url"] = asset_url
    # For texts that come from elsewhere: the one above would take a % in them for a variable.
    environment.globals["say"] = lambda text: said.gettext(text) if text else ""
    environment.globals["phrase"] = lambda one: "" if one is None else _in_words(one, said)
    return environment


def _in_words(one: Phrase, said: NullTranslations) -> str:
    """Return a phrase of the card map: its pattern from the catalog, its values as they are."""
    values = (_in_words(it, said) if isinstance(it, Phrase) else it for it in one.values)
    return said.gettext(one.pattern).format(*values)
