from collections.abc import Callable
from dataclasses import dataclass

import pytest

from cardservice.errors import ReaderUnavailableError, UsageError
from cardservice.transport import registry
from cardservice.transport.registry import list_schemes, open_link, opener_of
from simulators.reader import inprocess
from tests.pcsc_stack import ATR_T1, EchoCard


def open_echo(name: str) -> inprocess.InProcessLink:
    reader = inprocess.InProcessReader(name)
    reader.insert(EchoCard())
    return reader.connect()


@dataclass
class Entry:
    """An entry point that needs no installed package."""

    name: str
    load: Callable[[], Callable[[str], object]]


def missing() -> Callable[[str], object]:
    raise ModuleNotFoundError


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Entry("echo", lambda: open_echo), Entry("broken", missing)]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: found if group else [])


def test_the_project_installs_pcsc_and_simulated_readers() -> None:
    assert set(list_schemes()) >= {"pcsc", "sim"}


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize("url", ["echo", "echo:", "echo:a:b"])
def test_a_scheme_leads_to_its_reader(url: str) -> None:
    link = open_link(url)
    assert link.atr == ATR_T1
    assert link.exchange(b"\x00\x01") == b"\x00\x01\x90\x00"
    link.close()


@pytest.mark.usefixtures("entries")
def test_who_opens_one_card_after_the_other_looks_once_for_what_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_next = opener_of("echo:a")
    monkeypatch.setattr(registry, "entry_points", lambda **_: [])
    links = open_next(), open_next()
    assert [link.exchange(b"\x01") for link in links] == [b"\x01\x90\x00"] * 2
    with pytest.raises(UsageError):
        opener_of("echo:a")


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize("url", ["", "usb:x", ":echo", "ECHO:"])
def test_an_unknown_scheme_lists_those_there_are(url: str) -> None:
    with pytest.raises(UsageError, match="broken:, echo:"):
        open_link(url)


@pytest.mark.usefixtures("entries")
def test_a_scheme_that_cannot_be_loaded_says_to_install_it() -> None:
    with pytest.raises(ReaderUnavailableError, match="install"):
        open_link("broken:")


def test_a_state_file_that_is_not_there_is_unavailable_with_a_remedy() -> None:
    with pytest.raises(ReaderUnavailableError) as caught:
        open_link("sim:/no/such/card")
    assert caught.value.remedy == "make one: cardsim new /no/such/card"
