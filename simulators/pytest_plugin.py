"""Fixtures and markers for tests of programs that talk to cards; see ``docs/pytest-plugin.md``.

pytest loads this module at every start, with or without a card in the tests: whatever is heavy is
imported by the fixture that needs it.
"""

# ruff: noqa: PLC0415

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

import pytest

if TYPE_CHECKING:
    from simulators.reader.errors import ReaderSetupError
    from simulators.testing import CardReader, PcscReader, PcscService, PolicyCards, Wishes
    from simulators.trace import ListSink
    from simulators.tray import Tray
    from simulators.zoo import Zoo

MARKERS: Final = {
    "card_interface": 'card_interface("contact" or "contactless"): how the readers of the test '
    "meet their cards",
    "card_time": 'card_time("virtual", "real" or "none", chip="median", …): how long its cards '
    "take; `cardsim models` lists the models",
    "card_faults": 'card_faults("noisy-line" or a plan as a mapping): what goes wrong in its '
    "readers; `cardsim faults` lists the plans",
}
READER: Final = "card reader"
FAIL, SKIP = "fail", "skip"
T = TypeVar("T")
_WORKER: Final = "workerinput"

_wishes: "Final[pytest.StashKey[Wishes]]" = pytest.StashKey()
_problem: "Final[pytest.StashKey[str]]" = pytest.StashKey()
_conversations: "Final[pytest.StashKey[ListSink]]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each also as a line of the configuration file."""
    group = parser.getgroup("cardsim", "software cards and readers")
    zoo = "folder of the card zoo: keeps its issuer and cards between runs"
    traces = "folder for a trace of each failed test, personal data masked"
    without = "what becomes of a test where PC/SC is not possible: fail (usual) or skip"
    group.addoption("--cardsim-zoo", metavar="FOLDER", help=zoo)
    group.addoption("--cardsim-traces", metavar="FOLDER", help=traces)
    group.addoption("--cardsim-without-pcsc", choices=(FAIL, SKIP), help=without)
    parser.addini("cardsim_zoo", zoo)
    parser.addini("cardsim_traces", traces)
    parser.addini("cardsim_without_pcsc", without, default=FAIL)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for line in MARKERS.values():
        config.addinivalue_line("markers", line)
    if config.getini("cardsim_without_pcsc") not in (FAIL, SKIP):
        raise pytest.UsageError(f"cardsim_without_pcsc: write {FAIL} or {SKIP}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse markers that ask for something that does not exist, before any test runs."""
    problems = [problem for item in items if (problem := _read_markers(item)) is not None]
    # A worker that ends here would leave the others waiting: there each such test fails.
    if problems and not hasattr(config, _WORKER):
        raise pytest.UsageError("\n".join(problems))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Refuse a test with such markers in a worker; tell remedies of what fails."""
    if (problem := item.stash.get(_problem, None)) is not None:
        pytest.fail(problem, pytrace=False)
    with _telling_remedies():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Tell remedies of what fails."""
    with _telling_remedies():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what was said to cards in a test that failed."""
    report = yield
    sink, folder = item.stash.get(_conversations, None), _folder(item.config, "cardsim_traces")
    if report.failed and sink is not None and folder is not None:
        from simulators.testing import keep_trace

        told = keep_trace(sink, folder, item.nodeid)
        if told is not None:
            report.sections.append((f"what was said to cards ({report.when})", told))
    return report


@pytest.fixture(scope="session")
def card_zoo(pytestconfig: pytest.Config) -> Iterator["Zoo"]:
    """Ready cards by name, of one issuer; ``card_zoo.trust_folder`` is for the program under test.

    The folder is temporary unless ``--cardsim-zoo`` names one.
    """
    from simulators.reader.errors import ReaderSetupError
    from simulators.zoo import open_zoo

    zoo = _or_problem(lambda: open_zoo(_folder(pytestconfig, "cardsim_zoo")))
    if isinstance(zoo, ReaderSetupError):
        pytest.fail(_line(zoo), pytrace=False)
    with zoo:
        yield zoo


@pytest.fixture
def card_tray(request: pytest.FixtureRequest) -> Iterator["Tray"]:
    """An empty tray for cards and readers (``simulators.tray.Tray``), closed after the test.

    All its readers have the time of the marker ``card_time``.
    """
    from simulators.testing import TrayOfTest

    sink = None
    if _folder(request.config, "cardsim_traces") is not None:
        from simulators.trace import ListSink

        sink = request.node.stash[_conversations] = ListSink()
    with TrayOfTest(timing=_wishes_of(request).timing, sink=sink) as tray:
        yield tray


@pytest.fixture
def policy_card(request: pytest.FixtureRequest, card_tray: "Tray") -> "PolicyCards":
    """Make a card: ``policy_card(zoo="valid")``, ``policy_card(blank=True)`` or ``(state=path)``.

    It is in the tray and has ``name``, ``plastic``, ``verdict`` and ``reason`` that a desk must
    come to, ``can``, ``pin`` and ``puk``.
    """
    from simulators.card import Interface
    from simulators.testing import PolicyCards
    from simulators.zoo import Way

    contact = _wishes_of(request).interface is Interface.CONTACT
    return PolicyCards(
        card_tray,
        # Blank cards and state files need no issuer.
        lambda: request.getfixturevalue("card_zoo"),
        Way.CONTACT if contact else Way.TAP,
    )


@pytest.fixture
def card_reader(request: pytest.FixtureRequest, card_tray: "Tray") -> "CardReader":
    """A reader in this process: ``card_reader.insert(card)``, ``card_reader.connect()``.

    Its interface, time and faults are those of the markers.
    """
    from simulators.testing import CardReader

    wishes = _wishes_of(request)
    card_tray.add_reader(READER, interface=wishes.interface)
    card_tray.set_faults(READER, wishes.faults)
    return CardReader(card_tray, READER)


@pytest.fixture(scope="session")
def _cardsim_pcscd(pytestconfig: pytest.Config) -> Iterator["PcscService"]:
    """A pcscd of this test process, in a namespace of its own."""
    from simulators.reader.errors import ReaderSetupError
    from simulators.testing import PcscService

    service = _or_problem(PcscService)
    if isinstance(service, ReaderSetupError):
        _without_pcsc(pytestconfig, service)
    yield service
    service.close()


@pytest.fixture
def pcsc_reader(
    request: pytest.FixtureRequest, card_tray: "Tray", _cardsim_pcscd: "PcscService"
) -> "PcscReader":
    """A reader of PC/SC that this process alone sees: ``pcsc_reader.name``, ``.insert(card)``.

    Its interface, time and faults are those of the markers. Linux, as root, with pcscd and
    vsmartcard-vpcd; elsewhere the test fails, or is skipped with ``--cardsim-without-pcsc=skip``.
    """
    wishes = _wishes_of(request)
    reader = _cardsim_pcscd.attach(card_tray, interface=wishes.interface)
    card_tray.set_faults(reader.name, wishes.faults)
    return reader


@contextmanager
def _telling_remedies() -> Iterator[None]:
    """Let pytest show the remedy below what tray, zoo and readers refuse."""
    try:
        yield
    except Exception as error:
        note = f"remedy: {getattr(error, 'remedy', '')}"
        is_ours = hasattr(error, "remedy") and type(error).__module__.startswith("simulators.")
        # What a fixture of the whole run raised comes by once a test.
        if is_ours and note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        raise


def _read_markers(item: pytest.Item) -> str | None:
    """Read the markers of a test, those of its class and module first; return what is wrong."""
    marks = [mark for mark in item.iter_markers() if mark.name in MARKERS]
    if not marks:
        return None
    from simulators.testing import MarkerError, Wishes

    wishes = Wishes()
    try:
        for mark in reversed(marks):
            wishes = wishes.asked(mark.name, mark.args, mark.kwargs)
    except MarkerError as error:
        item.stash[_problem] = f"{item.nodeid}: {error}: {error.remedy}"
        return item.stash[_problem]
    item.stash[_wishes] = wishes
    return None


def _wishes_of(request: pytest.FixtureRequest) -> "Wishes":
    from simulators.testing import Wishes

    found: Wishes | None = request.node.stash.get(_wishes, None)
    return found or Wishes()


def _folder(config: pytest.Config, name: str) -> Path | None:
    """Return a folder: the command line's, from where pytest was called, or the file's."""
    if given := config.getoption(name):
        return config.invocation_params.dir / str(given)
    if written := config.getini(name):
        return config.rootpath / str(written)
    return None


def _or_problem(make: Callable[[], T]) -> "T | ReaderSetupError":
    """Return what was made, or why not: outside of the handler pytest tells no chain of errors."""
    from simulators.reader.errors import ReaderSetupError

    try:
        return make()
    except ReaderSetupError as error:
        return error


def _without_pcsc(config: pytest.Config, error: "ReaderSetupError") -> NoReturn:
    wish = config.getoption("cardsim_without_pcsc") or config.getini("cardsim_without_pcsc")
    if wish == SKIP:
        pytest.skip(_line(error))
    pytest.fail(_line(error), pytrace=False)


def _line(error: "ReaderSetupError") -> str:
    return f"{error}: {error.remedy}"
