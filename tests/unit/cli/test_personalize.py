"""``personalize``: rows are judged first, real cards are asked for, nothing private is printed."""

import csv
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.errors import CardRemovedError
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.names import Fund
from cardservice.transport.link import CardLink
from cardservice.transport.registry import open_link
from simulators.reader.card import Card
from simulators.reader.cards import blank_card, new_state_file
from simulators.reader.entry import SimulatedLink
from simulators.reader.inprocess import InProcessReader
from tests.shared import SHARED, data
from tests.unit.cli.conftest import CHEAP, PASSPHRASE, Type
from tests.unit.papers.pdf_reading import opened, text_of

HOLDERS = str(SHARED / "data" / "holders.csv")
BAD = str(SHARED / "data" / "holders-bad.csv")
FIRST_ENP, SECOND_ENP = "0058000844000019", "0050610893000021"
READER = "pcsc:Desk"
PRIVATE_COLUMNS = ("surname", "given_name", "patronymic", "snils", "enp", "document_number")


class TornLink:
    """A link whose card is pulled at the command of that number."""

    def __init__(self, whole: CardLink, pull_at: int) -> None:
        self._whole = whole
        self._left = pull_at
        self.reset, self.close = whole.reset, whole.close

    @property
    def atr(self) -> bytes:
        return self._whole.atr

    def exchange(self, command: bytes) -> bytes:
        self._left -= 1
        if not self._left:
            raise CardRemovedError("the card left, or stopped answering")
        return self._whole.exchange(command)


class Desk:
    """A reader called Desk: each opening finds the next of the cards put down."""

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.pull_at: int | None = None
        self.opened = 0

    def open(self, url: str) -> CardLink:
        if url != READER:
            return open_link(url)
        reader = InProcessReader("Desk")
        reader.insert(self.cards[min(self.opened, len(self.cards) - 1)])
        self.opened += 1
        link = SimulatedLink(reader)
        return TornLink(link, self.pull_at) if self.pull_at and self.opened == 1 else link


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr("cardservice.home.station_card.open_link", desk.open)
    return desk


@pytest.fixture
def table(tmp_path: Path) -> Callable[[int], str]:
    """The first rows of the demonstration table, so many, in a file of their own."""

    def cut(rows: int) -> str:
        file = tmp_path / "table.csv"
        file.write_bytes(b"".join(data("holders.csv").splitlines(keepends=True)[: rows + 1]))
        return str(file)

    return cut


def bad_rows() -> Iterator[tuple[int, dict[str, str]]]:
    yield from enumerate(csv.DictReader(data("holders-bad.csv").decode().splitlines()), 2)


def ledger_lines(home: Folder) -> int:
    return len(home.ledger.read_bytes().splitlines()) if home.ledger.exists() else 0


@pytest.mark.usefixtures("home")
def test_each_bad_row_is_named_with_its_reason_and_the_good_one_is_made(
    cardservice_typed: Type,
) -> None:
    result = cardservice_typed("personalize", "--holders", BAD, "--reader", "sim")
    assert result.exit_code == Exit.NOT_ALL_GOOD
    said = {}
    for line in result.stderr.splitlines():
        place, code, sentence = line.split(": ", 2)
        assert sentence.endswith(".")
        said[int(place.removeprefix("row ").partition(",")[0])] = (code, ", " in place)
    assert said == {row: (cells["problem"], True) for row, cells in bad_rows() if cells["problem"]}
    assert "1 of 1 cards made; 17 rows refused" in result.stdout


@pytest.mark.usefixtures("home")
def test_rows_are_judged_before_a_card_is_touched(cardservice_typed: Type, desk: Desk) -> None:
    result = cardservice_typed("personalize", "--holders", BAD, "--reader", READER, typed="n\n")
    refused, _, asked = result.stderr.partition("1/1, ")
    assert refused.count("\n") == 17
    assert "BLANK card into pcsc:Desk" in asked
    assert desk.opened == 0


@pytest.mark.usefixtures("home")
def test_no_cell_of_a_bad_row_is_printed(cardservice_typed: Type) -> None:
    result = cardservice_typed("personalize", "--holders", BAD, "--reader", "sim")
    cells = {row[name] for _, row in bad_rows() for name in PRIVATE_COLUMNS if len(row[name]) > 3}
    assert len(cells) > 50
    assert [cell for cell in cells if cell in result.output] == []


def test_cards_of_a_real_reader_are_asked_for_one_after_the_other(
    home: Folder, cardservice_typed: Type, desk: Desk, table: Callable[[int], str]
) -> None:
    desk.cards = [blank_card(), blank_card(), blank_card()]
    arguments = ("personalize", "--holders", table(3), "--reader", READER)
    result = cardservice_typed(*arguments, typed="y\n\n\n")
    assert result.exit_code == Exit.OK
    assert result.stderr.count("BLANK card") == 3
    assert "2/3, ••••••••••••0021: put a BLANK card into pcsc:Desk" in result.stderr
    assert "3 of 3 cards made" in result.stdout
    assert ledger_lines(home) == desk.opened == 3


def test_without_an_answer_nothing_is_written(
    home: Folder, cardservice_typed: Type, desk: Desk
) -> None:
    for typed in ("n\n", "\n", ""):
        result = cardservice_typed(
            "personalize", "--holders", HOLDERS, "--reader", READER, typed=typed
        )
        assert result.exit_code == Exit.NOT_ALL_GOOD
        assert "0 of 220 cards made" in result.stdout
    assert desk.opened == ledger_lines(home) == 0


@pytest.mark.usefixtures("home")
def test_with_yes_only_the_change_of_cards_is_waited_for(
    cardservice_typed: Type, desk: Desk, table: Callable[[int], str]
) -> None:
    desk.cards = [blank_card(), blank_card()]
    arguments = ("personalize", "--holders", table(2), "--reader", READER, "--yes")
    result = cardservice_typed(*arguments, typed="\n")
    assert result.exit_code == Exit.OK
    assert result.stderr.count("press Enter") == 1
    assert desk.opened == 2


def test_a_used_card_is_refused_politely_and_another_taken(
    home: Folder, cardservice_typed: Type, desk: Desk, table: Callable[[int], str]
) -> None:
    used = blank_card()
    arguments = ("personalize", "--holders", table(2), "--reader", READER)
    desk.cards = [used]
    assert cardservice_typed(*arguments, "--enp", FIRST_ENP, typed="y\n").exit_code == Exit.OK
    desk.cards = [used, used, blank_card()]
    result = cardservice_typed(*arguments, typed="y\ny\n")
    assert result.exit_code == Exit.OK
    assert "row 2: a card was made for it before\n" in result.stderr
    assert "This card has been used already; take a blank one." in result.stderr
    assert "Try again?" in result.stderr
    assert ledger_lines(home) == 2


def test_a_card_torn_out_is_put_back_and_made(
    home: Folder, cardservice_typed: Type, desk: Desk, table: Callable[[int], str]
) -> None:
    desk.cards, desk.pull_at = [blank_card()], 10
    arguments = ("personalize", "--holders", table(1), "--reader", READER)
    result = cardservice_typed(*arguments, typed="y\ny\n")
    assert result.exit_code == Exit.OK
    assert "cardservice: the card left, or stopped answering\n" in result.stderr
    assert "1 of 1 cards made" in result.stdout
    assert ledger_lines(home) == 1


def test_a_batch_that_stops_says_where_to_go_on(
    home: Folder, cardservice_typed: Type, desk: Desk, table: Callable[[int], str]
) -> None:
    desk.cards = [blank_card()]
    arguments = ("personalize", "--holders", table(3), "--reader", READER)
    stopped = cardservice_typed(*arguments, typed="y\nn\n")
    assert stopped.exit_code == Exit.NOT_ALL_GOOD
    assert "1 of 3 cards made" in stopped.stdout
    assert "stopped at row 3; to go on: --from-row 3" in stopped.stderr
    desk.cards, desk.opened = [blank_card(), blank_card()], 0
    rest = cardservice_typed(*arguments, "--from-row", "3", typed="y\ny\n")
    assert rest.exit_code == Exit.OK
    assert "2 of 2 cards made" in rest.stdout
    assert "••••0019" not in rest.stdout
    assert ledger_lines(home) == 3


@pytest.mark.usefixtures("home")
def test_one_state_file_is_one_card_and_a_table_needs_more(
    cardservice_typed: Type, tmp_path: Path
) -> None:
    file = tmp_path / "anna.card"
    new_state_file(file)
    before = file.read_bytes()
    result = cardservice_typed("personalize", "--holders", HOLDERS, "--reader", f"sim:{file}")
    assert result.exit_code == Exit.USAGE
    assert "choose one with --enp" in result.stderr
    assert file.read_bytes() == before


def test_only_the_row_with_the_number_asked_for_is_made(
    home: Folder, cardservice_typed: Type, tmp_path: Path
) -> None:
    file = tmp_path / "anna.card"
    new_state_file(file)
    arguments = ("--holders", HOLDERS, "--enp", SECOND_ENP, "--reader", f"sim:{file}")
    result = cardservice_typed("personalize", *arguments)
    assert result.exit_code == Exit.OK
    assert "0021" in result.stdout
    assert SECOND_ENP not in result.output
    assert ledger_lines(home) == 1


def test_a_number_that_no_good_row_has_is_refused_and_not_repeated(
    home: Folder, cardservice_typed: Type
) -> None:
    result = cardservice_typed(
        "personalize", "--holders", BAD, "--enp", "0053130895009019", "--reader", "sim"
    )
    assert result.exit_code == Exit.HOME
    assert result.stderr.endswith("cardservice: No good row has this policy number.\n")
    assert "0053130895009019" not in result.output
    assert ledger_lines(home) == 0


@pytest.mark.usefixtures("home")
def test_the_holder_s_secrets_go_to_a_private_file_and_nowhere_else(
    cardservice_typed: Type, tmp_path: Path
) -> None:
    folder = tmp_path / "letters"
    arguments = ("--enp", FIRST_ENP, "--reader", "sim", "--letters", str(folder))
    result = cardservice_typed("personalize", "--holders", HOLDERS, *arguments)
    (letter,) = folder.iterdir()
    with opened(letter.read_bytes()) as pdf:
        lines = text_of(pdf).splitlines()
    codes = {line for line in lines if re.fullmatch(r"\d{6}|\d{8}", line)}
    assert sorted(map(len, codes)) == [6, 8]
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    assert codes.isdisjoint(re.findall(r"\w+", result.output))


def test_production_keeps_no_letters_in_a_folder(
    cardservice_typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Folder(tmp_path / "production")
    keys = SoftwareKeyStore(home.keys, lambda: PASSPHRASE, cost=CHEAP)
    wish = NewHome(fund=Fund("00000", "Образцовый фонд ОМС"), demonstration=False)
    establish(home, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    monkeypatch.setenv("CARDSERVICE_HOME", str(home.path))
    monkeypatch.setenv("CARDSERVICE_PRODUCTION", "true")
    arguments = ("--reader", "sim", "--letters", str(tmp_path / "letters"))
    result = cardservice_typed("personalize", "--holders", HOLDERS, *arguments)
    assert result.exit_code == Exit.USAGE
    assert "choose a printer" in result.stderr
    assert ledger_lines(home) == 0


@pytest.mark.usefixtures("home")
def test_the_printers_of_the_settings_print_letter_and_face(
    cardservice_typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_LETTER_PRINTER", f"insecure-folder:{tmp_path / 'letters'}")
    monkeypatch.setenv("CARDSERVICE_FACE_PRINTER", f"folder:{tmp_path / 'faces'}")
    result = cardservice_typed(
        "personalize", "--holders", HOLDERS, "--enp", FIRST_ENP, "--reader", "sim"
    )
    assert result.exit_code == Exit.OK
    (face,) = (tmp_path / "faces").iterdir()
    assert face.stem in result.stdout
    assert len(list((tmp_path / "letters").iterdir())) == 1


def test_letters_that_cannot_be_kept_stop_the_batch_before_a_card_is_touched(
    home: Folder, cardservice_typed: Type, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    letters = str(tmp_path / "file" / "letters")
    result = cardservice_typed(
        "personalize", "--holders", HOLDERS, "--reader", "sim", "--letters", letters
    )
    assert result.exit_code == Exit.USAGE
    assert "choose another folder" in result.stderr
    assert ledger_lines(home) == 0


def test_a_wrong_passphrase_is_refused_and_not_repeated(
    home: Folder, cardservice_typed: Type
) -> None:
    env = {"CARDSERVICE_KEY_PASSPHRASE": "geheim"}
    result = cardservice_typed("personalize", "--holders", HOLDERS, "--reader", "sim", env=env)
    assert result.exit_code == Exit.HOME
    assert "wrong passphrase" in result.stderr
    assert "geheim" not in result.output
    assert ledger_lines(home) == 0


def test_without_a_terminal_and_a_variable_there_is_no_passphrase(
    home: Folder, cardservice_typed: Type
) -> None:
    env = {"CARDSERVICE_KEY_PASSPHRASE": ""}
    result = cardservice_typed("personalize", "--holders", HOLDERS, "--reader", "sim", env=env)
    assert result.exit_code == Exit.HOME
    assert result.stderr.endswith("(set CARDSERVICE_KEY_PASSPHRASE)\n")
    assert ledger_lines(home) == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "its first line names the columns"),
        (b"name;enp\n", "does not name these columns"),
        (b"\xff\xfe\n", "not UTF-8"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_table_that_is_none_is_refused_in_a_sentence(
    content: bytes, code: str, cardservice_typed: Type, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    result = cardservice_typed("personalize", "--holders", str(file), "--reader", "sim")
    assert result.exit_code == Exit.HOME
    assert code in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("home")
def test_a_table_that_is_missing_is_wrong_usage(cardservice_typed: Type) -> None:
    result = cardservice_typed("personalize", "--holders", "/no/table.csv", "--reader", "sim")
    assert result.exit_code == Exit.USAGE
    assert "/no/table.csv" in result.stderr


@pytest.mark.usefixtures("home")
def test_the_passphrase_is_in_no_output(cardservice_typed: Type) -> None:
    result = cardservice_typed("personalize", "--holders", BAD, "--reader", "sim")
    assert PASSPHRASE not in result.output
