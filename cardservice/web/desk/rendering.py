"""Templates in one language: the page, its panels, its notices."""

from functools import cache

from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.present import Presenter
from cardservice.web.desk.state import DeskState, Phase, ReaderState
from cardservice.web.desk.views import key_of
from cardservice.web.page_templates import page_templates


class Renderer:
    """Turns states into HTML. Every value is escaped: a card may hold any text."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._presenter = Presenter(language)
        self._templates = page_templates("cardservice.web", translations(language))

    def panel(self, state: ReaderState, *, token: str) -> str:
        """Return the panel of one reader; a form in it carries ``token``."""
        return self._render("panel.html", panel=self._presenter.panel(state), token=token)

    def notice(self, desk: DeskState) -> str:
        """Return what is to be said instead of panels, an empty text when there is nothing."""
        if desk.trouble is None and desk.readers:
            return ""
        return self._render("notice.html", trouble=desk.trouble)

    def page(
        self,
        desk: DeskState,
        *,
        instance: str,
        token: str,
        heartbeat_s: float,
        demonstration: Demonstration | None,
    ) -> str:
        """Return the whole page with the present state in it."""
        return self._render(
            "desk.html",
            language=self._language,
            languages=tuple(Language),
            instance=instance,
            token=token,
            heartbeat_s=heartbeat_s,
            panels=[(key_of(one.reader), self.panel(one, token=token)) for one in shown(desk)],
            notice=self.notice(desk),
            readers=[one.reader for one in desk.readers],
            reading=any(one.phase is Phase.READING for one in shown(desk)),
            cards=_offered(demonstration) if demonstration else None,
        )

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(**values)


def _offered(demonstration: Demonstration) -> list[tuple[str, str, str | None]]:
    """Return id, title and printed number of each card that a visitor may put on a reader."""
    return [(card, title, demonstration.printed(card)) for card, title in demonstration.cards()]


def shown(desk: DeskState) -> tuple[ReaderState, ...]:
    """Return the readers whose panels are shown: none when no reader can be reached."""
    return () if desk.trouble else desk.readers


@cache
def renderer(language: Language) -> Renderer:
    """Return the renderer of that language; templates are compiled once."""
    return Renderer(language)
