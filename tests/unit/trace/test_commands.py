"""``cardsim replay`` and ``cardsim decode`` as a person types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulators.card import Interface
from simulators.card.state_file import create_file, load_cells, save_cells
from simulators.cli.decode import command as decode_command
from simulators.cli.replay import command as replay_command
from simulators.trace import JsonLinesSink, traced
from simulators.tray.plastic import SoftwarePlastic
from tests.unit.simulators.card.issuing import OWNER, personalized
from tests.unit.trace.conversations import Seat, issued_image, read_plainly

COMMANDS = {"replay": replay_command, "decode": decode_command}


def _typed(name: str, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(COMMANDS[name], arguments, input=typed)


@pytest.fixture
def trace(tmp_path: Path) -> str:
    place = tmp_path / "tap.trace"
    memory = personalized().memory
    with JsonLinesSink(place) as sink:
        read_plainly(Seat(traced(SoftwarePlastic(memory), Interface.CONTACT, sink), memory))
    return str(place)


@pytest.fixture
def state(tmp_path: Path) -> str:
    place = tmp_path / "anna.card"
    create_file(place, issued_image())
    return str(place)


def _alter(trace: str, old: str, new: str) -> None:
    content = Path(trace).read_text("utf-8")
    assert old in content
    Path(trace).write_text(content.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_of_itself(name: str) -> None:
    assert f"Example: cardsim {name} " in _typed(name, "--help").stdout


def test_the_same_card_ends_with_0_and_stays_as_it_was(trace: str, state: str) -> None:
    before = Path(state).read_bytes()
    result = _typed("replay", trace, "--state", state)
    assert (result.exit_code, result.stdout) == (0, "All the same: 18 events.\n")
    assert Path(state).read_bytes() == before


def test_a_difference_ends_with_3_and_is_told(trace: str, state: str) -> None:
    _alter(trace, '["9000"]', '["6282"]')
    result = _typed("replay", trace, "--state", state)
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "Event 2 differs: SELECT foms_root",
        "  where     status word",
        "  expected  6282  (end of the file before Ne octets)",
        "  got       9000  (done)",
    ]


def test_the_outcome_is_json_for_those_who_ask(trace: str, state: str) -> None:
    result = _typed("replay", trace, "--state", state, "--json")
    assert json.loads(result.stdout) == {"same": True, "events": 18, "difference": None}
    _alter(trace, '["9000"]', '["6282"]')
    result = _typed("replay", trace, "--state", state, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 3
    assert not found["same"]
    assert (found["difference"]["number"], found["difference"]["where"]) == (2, "status word")


def test_another_image_ends_with_1_in_one_line(trace: str, state: str) -> None:
    cells = load_cells(Path(state))
    save_cells(Path(state), {**cells, "PIN tries left": b"\x01"})
    result = _typed("replay", trace, "--state", state)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "--anyway" in result.stderr
    assert _typed("replay", trace, "--state", state, "--anyway").exit_code == 0


IMPOSSIBLE = {
    "no trace": ("replay", "/no/trace", "--state", "STATE"),
    "no image": ("replay", "TRACE", "--state", "/no/card"),
    "an image that is a trace": ("replay", "TRACE", "--state", "TRACE"),
    "a trace that is an image": ("replay", "STATE", "--state", "STATE"),
    "no such session": ("replay", "TRACE", "--state", "STATE", "--session", "2"),
    "no log": ("decode", "/no/log"),
    "a folder": ("decode", "/"),
    "decoding with no image": ("decode", "TRACE", "--state", "/no/card", "--unmasked"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_is_not_possible_is_one_line_and_1(trace: str, state: str, what: str) -> None:
    name, *arguments = IMPOSSIBLE[what]
    result = _typed(name, *({"TRACE": trace, "STATE": state}.get(one, one) for one in arguments))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_sealed_octets_that_were_altered_are_no_difference_but_damage(
    trace: str, state: str
) -> None:
    content = Path(trace).read_text("utf-8")
    at = content.index('"sealed": "') + len('"sealed": "')
    other = "A" if content[at] != "A" else "B"
    Path(trace).write_text(content[:at] + other + content[at + 1 :], "utf-8")
    result = _typed("replay", trace, "--state", state)
    assert result.exit_code == 1
    assert "the masked octets at 3/answer/0 do not open" in result.stderr


def test_a_log_is_explained_from_standard_input() -> None:
    result = _typed("decode", "-", typed=">> 00CADF0100\n<< 0F9000\n")
    assert result.exit_code == 0
    assert "GET DATA  life cycle" in result.stdout


def test_a_trace_is_opened_with_the_image_and_unmasked_alone(trace: str, state: str) -> None:
    opened = _typed("decode", trace, "--state", state, "--unmasked")
    assert OWNER.hex().upper() in opened.stdout
    for options in ((), ("--state", state), ("--unmasked",)):
        assert "ИВАНОВ" not in _typed("decode", trace, *options).stdout
