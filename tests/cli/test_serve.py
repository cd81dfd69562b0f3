"""The desk as a process: it answers, a card is tapped as the page's form does, Ctrl-C ends it."""

import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from tests.cli.processes import STOP_WITHIN_S, Shell

LOOKS = 200
BETWEEN_LOOKS_S = 0.05


@contextmanager
def demonstration(shell: Shell) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    with shell.started("serve", "--demo", "--port", "0") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        yield process, found(r"(http://127\.0\.0\.1:\d+)", first)


def fetch(url: str, form: dict[str, str] | None = None) -> str:
    assert url.startswith("http://127.0.0.1:")
    body = None if form is None else urlencode(form).encode()
    headers = {} if form is None else {"Origin": url[: url.index("/", 7)]}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - loopback, see above
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        return str(answer.read().decode())


def outcome_on(url: str, reader: str) -> str:
    """Return the verdict or the problem on ``reader`` as soon as there is one."""
    for _ in range(LOOKS):
        desk = json.loads(fetch(f"{url}/api/v1/desk"))
        (state,) = [one for one in desk["readers"] if one["reader"] == reader]
        if state["phase"] == "judged":
            return str(state["problem"] or state["verdict"]["outcome"])
        time.sleep(BETWEEN_LOOKS_S)
    raise AssertionError(f"no verdict after {LOOKS} looks")


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, pattern
    return match.group(1)


def tap(url: str, card: str, reader: str) -> None:
    token = found(r'name="token" value="([^"]+)"', fetch(f"{url}/"))
    fetch(f"{url}/demonstration/tap", {"token": token, "card": card, "reader": reader})


def type_number(url: str, can: str) -> None:
    """Fill in the form of the page and send it, as a browser without scripts does."""
    form = fetch(f"{url}/").partition('action="/desk/can"')[2]
    names = ("token", "reader", "presentation")
    hidden = {name: found(f'name="{name}" value="([^"]+)"', form) for name in names}
    fetch(f"{url}/desk/can", {**hidden, "can": can})


def test_a_contactless_card_opens_with_the_number_typed_and_nothing_prints_it(
    shell: Shell,
) -> None:
    with demonstration(shell) as (process, url):
        can = found(r'class="printed">([0-9]{6})<', fetch(f"{url}/"))
        tap(url, "contactless", "Reader 1")
        assert outcome_on(url, "Reader 1") == "access-refused"
        type_number(url, "000000" if can != "000000" else "111111")
        assert outcome_on(url, "Reader 1") == "can-wrong"
        type_number(url, can)
        assert outcome_on(url, "Reader 1") == "valid"
        ran = json.loads(fetch(f"{url}/api/v1/desk"))["readers"][0]["verdict"]["ran"]
        assert ran == ["chip-authentication", "pace", "passive-authentication"]
        assert can not in fetch(f"{url}/api/v1/desk").replace(".", " ").split()
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=STOP_WITHIN_S)
    assert can not in out + said


def test_a_card_is_tapped_and_judged_and_an_interrupt_ends_the_desk(shell: Shell) -> None:
    with demonstration(shell) as (process, url):
        assert json.loads(fetch(f"{url}/healthz"))
        tap(url, "good", "Reader 1")
        assert outcome_on(url, "Reader 1") == "valid"
        tap(url, "copied", "Reader 2")
        assert outcome_on(url, "Reader 2") == "invalid"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 0
    *notes, last = said.splitlines()
    assert last == "Stopped."
    assert notes
    assert all(note.startswith("note: Insecure") for note in notes)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_demonstration_leaves_nothing_behind(
    shell: Shell, number: signal.Signals
) -> None:
    place = shell.folder / "temporary"
    place.mkdir()
    own = Shell(shell.folder, {**shell.variables, "TMPDIR": str(place)})
    with demonstration(own) as (process, url):
        fetch(f"{url}/healthz")
        assert {one.name[:12] for one in place.iterdir()} == {"cardservice-"}
        process.send_signal(number)
        process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 0
    assert list(place.iterdir()) == []


def test_a_form_without_the_token_of_the_page_moves_no_card(shell: Shell) -> None:
    form = {"token": "guessed", "card": "good", "reader": "Reader 1"}
    with demonstration(shell) as (_, url):
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(f"{url}/demonstration/tap", form)
        assert refused.value.code == HTTPStatus.FORBIDDEN
        refused.value.close()
