"""Templates of a station's page in one language."""

from functools import cache

from jinja2 import Environment

from cardservice.personalization.lanes import LaneView, StationView
from cardservice.texts.languages import Language
from cardservice.texts.station import GROUPS, station_translations
from cardservice.texts.station.page import ACTIONS, LANE
from cardservice.web.page_templates import page_templates
from cardservice.web.station.actions import KEYS, Action
from cardservice.web.station.context import StationContext
from cardservice.web.station.present import StationPresenter

_FEW, _SOME = 2, 8
"""Up to so many lanes the page is set large, and middling; above it all sixteen fit a screen."""


class StationRenderer:
    """Turns views into HTML. Every value is escaped: a reader may have any name."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.presenter = StationPresenter(language)
        self._templates = _templates(language)

    def lane(self, lane: LaneView, *, token: str) -> str:
        """Return the tile of one lane; the form in it carries ``token``."""
        panel = self.presenter.lane(lane)
        return self._render("lane.html", lane=panel, token=token, buttons=_buttons())

    def line(self, view: StationView) -> str:
        """Return what is said of all lanes together."""
        return self._render("line.html", station=self.presenter.station(view))

    def remedies(self, view: StationView) -> str:
        """Return the codes that are on the page with what to do; empty: there are none."""
        shown = self.presenter.remedies(view)
        return self._render("remedies.html", remedies=shown) if shown else ""

    def page(self, view: StationView, context: StationContext) -> str:
        """Return the whole page with the present view in it."""
        return self._render(
            "page.html",
            **self._frame(),
            name=view.name,
            instance=context.instance,
            token=context.token,
            heartbeat_s=context.settings.heartbeat_s,
            crowd=crowd_of(view),
            tiles=[self.lane(one, token=context.token) for one in view.lanes],
            line=self.line(view),
            remedies=self.remedies(view),
            has_reports=context.reports is not None,
            buttons=_buttons(),
        )

    def codes(self) -> str:
        """Return the page that lists every code with what to do."""
        groups = [
            (heading, [self.presenter.remedy(code) for code in group])
            for heading, group in GROUPS.items()
        ]
        return self._render("codes.html", **self._frame(), groups=groups)

    def _frame(self) -> dict[str, object]:
        return {"language": self._language, "languages": tuple(Language)}

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(f"station/{template}").render(**values)


def crowd_of(view: StationView) -> str:
    """Return how full the page is: ``few``, ``some`` or ``many`` lanes."""
    count = len(view.lanes)
    return "few" if count <= _FEW else "some" if count <= _SOME else "many"


def _buttons() -> list[tuple[Action, str, str]]:
    """Return action, word and key of the buttons that every lane has."""
    return [(action, ACTIONS[action], key) for action, key in KEYS.items()]


@cache
def station_renderer(language: Language) -> StationRenderer:
    """Return the renderer of that language; templates are compiled once."""
    return StationRenderer(language)


def _templates(language: Language) -> Environment:
    said = station_translations(language)
    templates = page_templates("cardservice.web", said)
    templates.globals["lane_name"] = lambda number: said.gettext(LANE).format(number=number)
    return templates
