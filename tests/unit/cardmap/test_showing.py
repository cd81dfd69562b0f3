"""What the map shows to whom: secrets to nobody, personal values only when asked for."""

import json
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from simulators.cardmap import compare, map_image
from simulators.cardmap.json_form import document_of
from simulators.cardmap.page import page_of
from simulators.cardmap.showing import Showing
from simulators.cardmap.text import comparison_lines, map_lines
from simulators.cardmap.words import Label
from tests.chain import PHOTO
from tests.unit.cardmap.cards import SECRET_CELLS, made, with_owner

SURNAME = "ИВАНОВ"
ENP = "0054910834000015"
OTHER_OWNER = bytes.fromhex("6204 5F220141")


def _everything(cells: dict[str, bytes], *, unmasked: bool) -> dict[str, str]:
    showing = Showing(unmasked=unmasked)
    cards = {"one": map_image(cells), "other": map_image(with_owner(OTHER_OWNER))}
    comparison = compare(cards["one"], cards["other"])
    lines = [
        *map_lines(cards["one"], showing, title="one"),
        *comparison_lines(comparison, showing, titles=("one", "other")),
    ]
    return {
        "text": "\n".join(lines),
        "json": json.dumps(document_of(cards, comparison, showing), ensure_ascii=False),
        "html": page_of(cards, comparison, showing),
    }


def _forms(value: bytes) -> tuple[str, ...]:
    return value.hex(), value.hex().upper(), value.hex(" ").upper()


@pytest.mark.parametrize("unmasked", [False, True])
def test_no_form_shows_a_secret(*, unmasked: bool) -> None:
    cells = made(photo=True)
    for form, shown in _everything(cells, unmasked=unmasked).items():
        for cell in SECRET_CELLS:
            # Shorter runs may stand in any hash by chance.
            secret = cells[cell][1:] if len(cells[cell]) > 32 else cells[cell]
            assert not any(one in shown for one in _forms(secret)), (form, cell)


def test_masked_forms_show_nothing_of_the_holder_or_the_card() -> None:
    cells = made(photo=True)
    serial = cells["chip serial"]
    hidden = (SURNAME, ENP, *_forms(SURNAME.encode()), *_forms(ENP.encode()), *_forms(serial))
    for form, shown in _everything(cells, unmasked=False).items():
        assert [one for one in hidden if one in shown] == [], form


def test_masked_forms_keep_names_tags_and_lengths() -> None:
    for shown in _everything(made(), unmasked=False).values():
        assert "5F21 surname" in shown
        assert "12 octets" in shown


def test_unmasked_forms_show_texts_but_of_the_photo_only_the_digest() -> None:
    for form, shown in _everything(made(photo=True), unmasked=True).items():
        assert SURNAME in shown, form
        assert "2052 octets, SHA-256" in shown, form
        assert not any(one in shown for one in _forms(PHOTO.image[:8])), form


def test_a_text_that_is_read_as_objects_does_not_show_through_their_tags() -> None:
    # Without its header the surname is a row of objects nobody knows.
    cells = with_owner(bytes.fromhex("6206") + b"\x5f\x6b\x03QXZ")
    for form, shown in _everything(cells, unmasked=False).items():
        assert not any(one in shown for one in ("5F6B", "5F 6B", "51 58 5A", "QXZ")), form


def test_a_text_cannot_steer_the_terminal_or_the_page() -> None:
    text = "\x1b[2J<b>\u202e".encode()
    cells = with_owner(bytes((0x62, len(text) + 3, 0x5F, 0x21, len(text))) + text)
    shown = _everything(cells, unmasked=True)
    assert "⟨001B⟩[2J<b>⟨202E⟩" in shown["text"]
    assert "<b>" not in shown["html"]
    assert "&lt;b&gt;" in shown["html"]


def test_every_octet_of_a_public_file_is_in_the_text() -> None:
    lines = list(map_lines(map_image(made()), Showing(), title="one"))
    start = next(at for at, line in enumerate(lines) if "EF.CardAccess" in line)
    end = next(at for at, line in enumerate(lines) if "EF.ATR/INFO" in line)
    # After the eleven lines of the answer to SELECT: the octets stand after the offsets.
    runs = [line[6:] for line in lines[start + 12 : end] if line[:5].isdigit()]
    assert "".join(runs).replace("|", "").replace(" ", "") == (
        "31143012060A04007F0007020204020202010202010C"
    )


class _Page(HTMLParser):
    """Collects what the page refers to and what it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.language: str | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.language = given["lang"] if tag == "html" else self.language
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given[one] or "" for one in ("href", "src") if one in given]


def test_the_page_stands_alone_and_all_its_links_lead_somewhere() -> None:
    page = _Page()
    source = _everything(made(photo=True), unmasked=False)["html"]
    page.feed(source)
    assert page.language == "en"
    assert "script" not in page.tags
    assert "http://" not in source
    assert "https://" not in source
    assert "url(" not in source
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_the_page_marks_differences_by_a_sign_and_a_word() -> None:
    page = _everything(made(), unmasked=False)["html"]
    assert "≠" in page
    assert Label.DIFFERS in page
    assert Label.ONLY_HERE in page


def test_the_document_names_the_field_and_masks_its_octets() -> None:
    document = document_of({"one": map_image(made())}, None, Showing())
    files = document["cards"][0]["directories"][2]["files"]
    owner = files[0]["content"]["inside"][0]
    (surname,) = (one for one in owner["inside"] if one["title"] == "5F21 surname")
    value = surname["inside"][-1]
    assert (value["masked"], value["hex"], value["octets"]) == (True, None, 12)
    assert document["masked"] is True


def test_the_page_marks_the_octets_that_differ_and_no_others() -> None:
    cards = {
        "one": map_image(with_owner(bytes.fromhex("6208 5F210141 5F220142"))),
        "other": map_image(with_owner(bytes.fromhex("6208 5F210143 5F220142"))),
    }
    page = page_of(cards, compare(cards["one"], cards["other"]), Showing(unmasked=True))
    marked = [line for line in page.splitlines() if 'differs" data-hint' in line]
    assert [line.rpartition("</span>")[2] for line in marked] == [
        *("5F 21</a>", "01</a>", "41</a>"),
        *("5F 21</a>", "01</a>", "43</a>"),
    ]
