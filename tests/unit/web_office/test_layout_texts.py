"""The frame of the pages in Russian."""

from importlib.resources import files

from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import merged
from cardservice.web.office.navigation import PLACES, VISITORS
from tests.unit.web_office.catalogs import PACKAGE, texts_in


def test_every_text_of_the_frame_and_every_place_has_russian() -> None:
    said = merged(Language.RU, PACKAGE)
    folder = files(PACKAGE).joinpath("templates", "office")
    frame = {text for text in texts_in(folder) if isinstance(text, str)}
    places = {one.title for one in (*PLACES, *VISITORS)}
    assert "Sign out" in frame
    assert {text for text in frame | places if said.gettext(text) == text} == set()
