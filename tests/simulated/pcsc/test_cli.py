"""The command ``cardsim`` as a person types it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.transport.pcsc.entry import list_readers
from cardservice.transport.registry import open_link
from simulators.cli.main import COMMANDS, main
from simulators.reader import namespace
from simulators.reader.daemon import PrivatePcscd
from tests.pcsc_stack import PATIENCE_S, wait_until_present

pytestmark = pytest.mark.pcsc
SELECT_MASTER_FILE = bytes.fromhex("00a4000c023f00")
CARDSIM = "from simulators.cli.main import main; main()"


def cardsim(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the command in a process of its own; it is interrupted at the end, as with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-c", CARDSIM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)


def first_lines(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


@pytest.mark.usefixtures("pcsc_namespace")
def test_readers_are_run_and_their_addresses_printed() -> None:
    with running("readers", "--count", "4") as process:
        lines = first_lines(process, 4)
        assert [line.split("\t")[0] for line in lines] == list(list_readers())
        assert all(line.split("\t")[1].startswith("127.0.0.1:") for line in lines)
    assert process.returncode == 0


def test_beside_a_running_pcscd_the_lines_to_add_are_printed(pcscd: PrivatePcscd) -> None:
    result = cardsim("readers", "--count", "4")
    assert pcscd.pid is not None
    assert result.exit_code == 0
    ports = re.findall(r"CHANNELID 0x([0-9A-F]{4})", result.output)
    libraries = re.findall(r"LIBPATH (\S+)", result.output)
    assert len(set(libraries)) == len(ports) == 2
    copies = re.findall(rf"sudo cp {namespace.driver_file()} (\S+)", result.output)
    assert copies == libraries
    assert f"127.0.0.1:{int(ports[1], 16) + 1}" in result.output


def test_a_card_is_put_into_a_reader_and_taken_out(pcscd: PrivatePcscd, tmp_path: Path) -> None:
    slot, file = pcscd.slots[0], tmp_path / "anna.card"
    assert cardsim("new", str(file)).exit_code == 0
    with running("card", "--reader", f"{slot.host}:{slot.port}", "--state", str(file)) as process:
        assert "The card is in" in first_lines(process, 1)[0]
        wait_until_present(slot.name, present=True)
        link = open_link("pcsc:")
        assert link.exchange(SELECT_MASTER_FILE) == b"\x90\x00"
        link.close()
    wait_until_present(slot.name, present=False)
    assert process.returncode == 0


def test_a_card_is_recorded_with_the_faults_and_the_time_it_was_given(
    pcscd: PrivatePcscd, tmp_path: Path
) -> None:
    slot, trace, plan = pcscd.slots[0], tmp_path / "tap.trace", tmp_path / "plan.toml"
    plan.write_text('[[faults]]\nwhat = "status"\nsw = "6F00"\nwhen = {nth = 1}\n')
    options = ("--trace", str(trace), "--faults", str(plan), "--timing", "virtual:fastest")
    with running("card", "--reader", f"{slot.host}:{slot.port}", "--blank", *options) as process:
        assert "The card is in" in first_lines(process, 1)[0]
        wait_until_present(slot.name, present=True)
        link = open_link("pcsc:")
        assert link.exchange(SELECT_MASTER_FILE) == b"\x6f\x00"
        assert link.exchange(SELECT_MASTER_FILE) == b"\x90\x00"
        link.close()
    assert trace.stat().st_mode & 0o777 == 0o600
    assert "6F00" in trace.read_text().upper()


def test_a_terminated_card_is_taken_out_as_with_an_interrupt(pcscd: PrivatePcscd) -> None:
    slot = pcscd.slots[0]
    with running("card", "--reader", f"{slot.host}:{slot.port}", "--blank") as process:
        first_lines(process, 1)
        process.terminate()
        process.wait(PATIENCE_S)
    assert process.returncode == 0


def test_a_file_made_by_new_is_a_card_in_process_too(tmp_path: Path) -> None:
    file = tmp_path / "anna.card"
    assert cardsim("new", str(file)).exit_code == 0
    link = open_link(f"sim:{file}")
    assert link.exchange(SELECT_MASTER_FILE) == b"\x90\x00"
    link.close()


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("card", "--reader", "nowhere", "--blank"), "cardsim readers"),
        (("card", "--reader", "127.0.0.1:99999", "--blank"), "cardsim readers"),
        (("card", "--reader", "127.0.0.1:4"), "--zoo NAME, or --blank"),
        (("card", "--reader", "127.0.0.1:4", "--zoo", "unicorn"), "cardsim zoo"),
        (("card", "--reader", "127.0.0.1:4", "--zoo", "valid", "--blank"), "--zoo alone"),
        (("card", "--reader", "127.0.0.1:4", "--state", "/no/card"), "cardsim new /no/card"),
        (("new", "/dev/null"), "another name"),
        (("new", "/no/folder/card"), "make it first"),
    ],
)
def test_what_is_not_possible_is_one_line_with_a_remedy(
    arguments: tuple[str, ...], remedy: str
) -> None:
    result = cardsim(*arguments)
    assert result.exit_code == 1
    assert remedy in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("arguments", [("readers", "--count", "17"), ("card",), ("dance",)])
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert cardsim(*arguments).exit_code == 2


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_has_an_example(command: str) -> None:
    result = cardsim(command, "--help")
    assert result.exit_code == 0
    assert f"cardsim {command}" in result.output.partition("Example:")[2]
