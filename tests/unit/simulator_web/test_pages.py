"""The page and its forms without a script."""

import pytest

from simulators.tray import Tray
from tests.unit.simulator_web.client import Client, problem
from tests.unit.simulator_web.conftest import CONTACT


def form(client: Client, **more: str) -> dict[str, str]:
    return {"token": client.app.state.context.token, "reader": CONTACT, **more}


def test_the_page_shows_readers_with_their_cards(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    page = client.get().text
    assert page.count('class="panel"') == 2
    assert 'href="/cards/one">one</a>' in page


@pytest.mark.parametrize(
    ("accepted", "language", "word"),
    [("ru-RU,ru;q=0.9,en;q=0.8", "ru", "Вынуть"), ("en", "en", "Remove"), ("de", "en", "Remove")],
)
def test_the_page_speaks_the_language_of_the_browser(
    client: Client, accepted: str, language: str, word: str
) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    answer = client.ask("GET", headers={"Accept-Language": accepted})
    assert answer.headers["content-language"] == language
    assert word in answer.text


def test_a_chosen_language_is_remembered(client: Client) -> None:
    answer = client.get(lang="ru")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "cardsim-language=ru" in answer.headers["set-cookie"]
    assert "set-cookie" not in client.get(lang="x").headers


def test_the_filter_works_without_a_script(client: Client) -> None:
    page = client.get(q="BLOCKED").text
    assert 'value="blocked"' in page
    assert 'value="valid"' not in page


def test_a_form_moves_a_card_and_leads_back(client: Client, tray: Tray) -> None:
    sent = client.send_form(form(client, card="one"), "insert")
    assert (sent.status_code, sent.headers["location"]) == (303, "/")
    assert tray.readers[CONTACT].card == "one"
    client.send_form(form(client), "remove")
    assert tray.readers[CONTACT].card is None


def test_a_form_taps_pulls_and_sets_faults(client: Client, tray: Tray) -> None:
    sent = [
        client.send_form(form(client, card="one"), "tap"),
        client.send_form(form(client, after="3", during="true"), "pull"),
        client.send_form(form(client, plan="noisy-line"), "faults"),
    ]
    assert [one.status_code for one in sent] == [303] * 3
    assert client.get("readers", CONTACT).json()["faults"] == "noisy-line"
    client.send_form(form(client), "faults", "end")
    assert client.get("readers", CONTACT).json()["faults"] is None
    assert tray.readers[CONTACT].card == "one"


def test_a_refused_form_shows_the_page_with_what_was_wrong(client: Client, tray: Tray) -> None:
    tray.insert("one", "Antenna, ward 2")
    sent = client.send_form(form(client, card="one"), "insert")
    assert sent.status_code == 409
    assert "The card is in another reader" in sent.text
    none = client.send_form(form(client), "insert")
    assert none.status_code == 422
    assert "Choose a card first." in none.text


def test_a_script_gets_no_page_but_an_answer_in_its_language(client: Client, tray: Tray) -> None:
    sent = form(client, card="one")
    assert client.send_form(sent, "insert", html=False).status_code == 204
    tray.remove(CONTACT)
    tray.insert("one", "Antenna, ward 2")
    refused = client.ask(
        "POST",
        "page",
        "insert",
        form=sent,
        headers={"Origin": "http://127.0.0.1:8765", "Accept": "application/json"},
        query={"lang": "ru"},
    )
    assert problem(refused) == (409, "card-elsewhere")
    assert refused.json()["shown"] == "Карта в другом считывателе"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_moves_nothing(client: Client, tray: Tray, origin: str) -> None:
    sent = client.send_form(form(client, card="one"), "insert", origin=origin)
    assert problem(sent) == (403, "foreign-request")
    assert tray.readers[CONTACT].card is None


@pytest.mark.parametrize("wrong", ["", "x", "ы" * 43])
def test_a_form_without_the_token_moves_nothing(client: Client, tray: Tray, wrong: str) -> None:
    sent = client.send_form({**form(client, card="one"), "token": wrong}, "insert")
    assert sent.status_code in {403, 422}
    assert tray.readers[CONTACT].card is None


def test_a_form_that_no_browser_vouches_for_moves_nothing(client: Client, tray: Tray) -> None:
    sent = form(client, card="one")
    assert problem(client.ask("POST", "page", "insert", form=sent)) == (403, "foreign-request")
    assert tray.readers[CONTACT].card is None


def test_what_a_name_holds_is_never_markup(client: Client) -> None:
    name = '<script>"&{{7*7}}%s'
    client.put("cards", name, body={"blank": True})
    assert client.put("readers", CONTACT, "card", body={"card": name}).status_code == 200
    for page in (client.get().text, client.get("cards", name).text):
        assert "<script>" not in page
        assert "&lt;script&gt;&#34;&amp;{{7*7}}%s" in page


def test_the_map_page_names_octets_and_masks_nothing_public(client: Client) -> None:
    page = client.get("cards", "one", lang="ru")
    assert page.status_code == 200
    assert "EF.ATR/INFO" in page.text
    assert "набор ключей SCP03" in page.text


def test_a_card_without_a_memory_has_no_map_page(client: Client) -> None:
    assert problem(client.get("cards", "mute")) == (409, "no-image")
    assert problem(client.get("cards", "nobody")) == (404, "unknown-name")


def test_a_file_of_the_page_is_kept_for_ever_at_an_address_of_its_content(client: Client) -> None:
    page = client.get().text
    path = page.partition('src="/static/')[2].partition('"')[0]
    sent = client.get("static", path)
    assert sent.headers["content-type"].startswith("text/javascript")
    assert "immutable" in sent.headers["cache-control"]
    assert client.get("static", "tray.js").status_code == 404


def test_the_parts_say_all_that_changes(client: Client) -> None:
    client.put("readers", CONTACT, "card", body={"card": "one"})
    told = client.get("page", "parts", lang="ru").json()
    assert set(told["panels"]) == set(told["readers"])
    assert told["announcement"] == "Вставлена: one, Desk 1"
