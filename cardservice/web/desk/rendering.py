"""Templates in one language: the page, its panels, its notices."""

from functools import cache

from cardservice.texts.catalog import translations
from cardservice.texts.desk import SUBSTITUTES
from cardservice.texts.languages import Language
from cardservice.web.desk.aside import Aside
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.parts import no_name
from cardservice.web.desk.past import History
from cardservice.web.desk.present import InsurerName, Presenter
from cardservice.web.desk.present_aside import AsidePresenter
from cardservice.web.desk.present_history import history_view
from cardservice.web.desk.present_standing import standing_view
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.desk.state import DeskState, Phase, ReaderState
from cardservice.web.desk.views import key_of
from cardservice.web.page_templates import page_templates


class Renderer:
    """Turns states into HTML. Every value is escaped: a card may hold any text."""

    def __init__(
        self,
        language: Language,
        *,
        insurer_name: InsurerName = no_name,
        asks_register: bool = False,
    ) -> None:
        self._asks_register = asks_register
        self._language = language
        self._presenter = Presenter(language, insurer_name=insurer_name)
        self._asides = AsidePresenter(language, insurer_name)
        say = translations(language).gettext
        self._templates = page_templates("cardservice.web", translations(language))
        self._templates.globals["reasons"] = [
            (reason.value, say(said)) for reason, said in SUBSTITUTES.items()
        ]

    def panel(self, state: ReaderState, *, token: str) -> str:
        """Return the panel of one reader; forms in it carry ``token``."""
        return self._render(
            "panel.html",
            panel=self._presenter.panel(state),
            token=token,
            asks_register=self._asks_register,
        )

    def aside(self, aside: Aside | None, *, token: str) -> str:
        """Return what is shown beside the readers, an empty text when there is nothing."""
        if aside is None:
            return ""
        return self._render("aside.html", aside=self._asides.view(aside), token=token)

    def history(self, history: History) -> str:
        """Return the list of today's presentations."""
        return self._render("history.html", past=history_view(history, self._language))

    def standing(self, standing: DeskStanding | None) -> str:
        """Return how the desk stands, an empty text for one that is enrolled nowhere."""
        if standing is None:
            return ""
        return self._render("standing.html", standing=standing_view(standing, self._language))

    def notice(self, desk: DeskState) -> str:
        """Return what is to be said instead of panels, an empty text when there is nothing."""
        if desk.trouble is None and desk.readers:
            return ""
        return self._render("notice.html", trouble=desk.trouble)

    def page(  # noqa: PLR0913 - what a page is made of, by keyword
        self,
        desk: DeskState,
        *,
        instance: str,
        token: str,
        heartbeat_s: float,
        demonstration: Demonstration | None,
        pairs: bool = False,
    ) -> str:
        """Return the whole page with the present state in it.

        With ``pairs`` it leads to where clinic systems on this machine are paired.
        """
        return self._render(
            "desk.html",
            language=self._language,
            languages=tuple(Language),
            instance=instance,
            token=token,
            heartbeat_s=heartbeat_s,
            panels=[(key_of(one.reader), self.panel(one, token=token)) for one in shown(desk)],
            notice=self.notice(desk),
            aside=self.aside(desk.aside, token=token),
            history=self.history(desk.history),
            standing=self.standing(desk.standing),
            asks_register=self._asks_register,
            pairs=pairs,
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
def renderer(
    language: Language, insurer_name: InsurerName = no_name, *, asks_register: bool = False
) -> Renderer:
    """Return the renderer of that language; templates are compiled once."""
    return Renderer(language, insurer_name=insurer_name, asks_register=asks_register)
