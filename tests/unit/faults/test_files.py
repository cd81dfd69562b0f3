"""Plans in files, and the ready ones."""

from pathlib import Path

import pytest

from simulators.card.field import EndOfFile as FieldEnd
from simulators.faults import (
    Delay,
    Fault,
    FaultPlan,
    FaultRun,
    When,
    load_plan,
    named_plan,
    parse_json,
    parse_toml,
    plan_names,
    plan_text,
)
from simulators.reader.errors import ReaderSetupError
from tests.unit.faults.stage import (
    ATR_INFO,
    LIFE_CYCLE,
    SELECT_ATR_INFO,
    SELECT_OWNER,
    SELECT_OWNER_DF,
    SELECT_ROOT,
    Bench,
    field_card,
)

SLOW = FaultPlan((Fault(Delay(ms=5), When(nth=1)),), 7, "slow")
TOML = 'about = "slow"\nseed = 7\n[[faults]]\nwhat = "delay"\nms = 5\nwhen.nth = 1\n'
JSON = '{"about": "slow", "seed": 7, "faults": [{"what": "delay", "ms": 5, "when": {"nth": 1}}]}'
BLANK = "079000"


def _refusal(path: Path) -> str:
    with pytest.raises(ReaderSetupError) as caught:
        load_plan(path)
    return f"{caught.value}: {caught.value.remedy}"


def test_a_file_is_json_by_its_name_and_toml_by_any_other(tmp_path: Path) -> None:
    for name, text in (("slow.json", JSON), ("slow.toml", TOML), ("slow", TOML)):
        (tmp_path / name).write_text(text, "utf-8")
        assert load_plan(tmp_path / name) == SLOW


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        (
            "p.toml",
            b"[[faults]]\nwhat = \n",
            "p.toml: this is no TOML (at line 2, column 8): mend the line",
        ),
        ("p.json", b'{"faults": [}', "p.json: this is no JSON (line 1, column 13): mend the line"),
        ("p.toml", b"\xff", "p.toml: this is no text: write it in UTF-8"),
        (
            "p.toml",
            b"[[faults]]\nwhat = 'mute'\n[[faults]]\nwhat = 'mut'\n",
            "p.toml: fault 2: what: 'mut' is no kind of fault",
        ),
        ("p.toml", b"#" * 1_048_577, "p.toml: longer than 1,048,576 octets"),
        ("p.json", b"[" * 100_000, "p.json: too deeply nested: a plan has three levels"),
        ("p.toml", b"a=" + b"[" * 100_000, "p.toml: too deeply nested: a plan has three levels"),
        ("p.json", b'{"seed": ' + b"9" * 5_000 + b"}", "p.json: this is no JSON: mend the line"),
        ("p.toml", b"seed = " + b"9" * 5_000, "p.toml: this is no TOML: mend the line"),
    ],
)
def test_a_bad_file_is_one_line_with_its_name(
    tmp_path: Path, name: str, content: bytes, line: str
) -> None:
    (tmp_path / name).write_bytes(content)
    refusal = _refusal(tmp_path / name)
    assert refusal.startswith(line)
    assert refusal.isprintable()


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "no.toml").startswith("no.toml: cannot be read (No such file")
    assert _refusal(tmp_path).startswith(f"{tmp_path.name}: cannot be read (Is a directory)")
    assert _refusal(tmp_path / "a\nb").startswith("the file: cannot be read (No such file")
    assert _refusal(Path("a\0b")).startswith("the file: cannot be read (no such name)")


def test_texts_that_are_too_long_are_refused() -> None:
    for parse in (parse_json, parse_toml):
        with pytest.raises(ReaderSetupError, match="longer than"):
            parse(" " * 1_048_577)


@pytest.mark.parametrize("name", plan_names())
def test_every_ready_plan_says_what_it_is_and_has_faults(name: str) -> None:
    plan = named_plan(name)
    assert plan.about
    assert plan.faults
    assert plan == parse_toml(plan_text(name))


@pytest.mark.parametrize("name", ["", "meteor", "../plans/slow-start", "slow-start.toml"])
def test_a_ready_plan_of_another_name_is_refused_with_the_names(name: str) -> None:
    with pytest.raises(ReaderSetupError) as caught:
        named_plan(name)
    assert "slow-start" in caught.value.remedy


READ_32 = bytes.fromhex("00B0000020")
INITIALIZE_UPDATE = bytes.fromhex("8050300008") + bytes(8)
INFO = ATR_INFO.hex().upper()


@pytest.mark.parametrize(
    ("name", "commands", "answers"),
    [
        ("mute-after-select", (SELECT_ROOT, LIFE_CYCLE, LIFE_CYCLE), ["9000", "mute", "mute"]),
        ("short-reads", (SELECT_ATR_INFO, READ_32), ["9000", INFO + "9000"]),
        ("exact-length-reads", (SELECT_ATR_INFO, READ_32), ["9000", "6C0B"]),
        ("warned-reads", (SELECT_ATR_INFO, READ_32), ["9000", INFO + "6282"]),
        ("le-refused", (bytes.fromhex("00A4020C022F0100"), LIFE_CYCLE), ["6700", BLANK]),
        ("lying-extended-length", (bytes.fromhex("00CADF01000000"), LIFE_CYCLE), ["6700", BLANK]),
        ("get-response", (LIFE_CYCLE, bytes.fromhex("00C0000001")), ["6101", BLANK]),
        ("reader-gone", (LIFE_CYCLE,) * 6, [BLANK] * 4 + ["cut", "mute"]),
    ],
)
def test_a_ready_plan_does_what_its_name_says(
    name: str, commands: tuple[bytes, ...], answers: list[str]
) -> None:
    assert Bench(named_plan(name)).send(*commands) == answers


def test_the_mute_card_of_the_ready_plan_answers_after_a_reset() -> None:
    bench = Bench(named_plan("mute-after-select"))
    bench.send(SELECT_ROOT, LIFE_CYCLE)
    bench.card.reset()
    assert bench.send(SELECT_ROOT, LIFE_CYCLE) == ["9000", BLANK]


def test_a_slow_start_is_slow_once_a_power_up() -> None:
    bench = Bench(named_plan("slow-start"))
    bench.send(LIFE_CYCLE, LIFE_CYCLE)
    bench.card.power_up()
    bench.send(LIFE_CYCLE, LIFE_CYCLE)
    assert bench.slept == [1.5, 1.5]


def test_a_noisy_line_disturbs_few_answers_and_the_same_ones_each_time() -> None:
    first, second = (Bench(named_plan("noisy-line")) for _ in range(2))
    answers = first.send(*[LIFE_CYCLE] * 1_000)
    assert second.send(*[LIFE_CYCLE] * 1_000) == answers
    assert 0 < 1_000 - answers.count(BLANK) < 50
    assert 0 < len(first.slept) < 30


def test_the_garbage_of_the_ready_plan_comes_once() -> None:
    bench = Bench(named_plan("wrong-atr-once"))
    right = bench.card.atr
    assert bench.card.power_up() != right
    assert bench.card.power_up() == right


def test_the_first_insertion_of_the_ready_plan_is_lost() -> None:
    run = FaultRun(named_plan("lost-insertion"))
    assert [run.insertion_is_lost() for _ in range(3)] == [True, False, False]


def test_a_truncating_card_cuts_an_extended_answer() -> None:
    class Long:
        atr = b"\x3b\x00"

        def power_up(self) -> bytes:
            return self.atr

        def power_down(self) -> None:
            pass

        def reset(self) -> bytes:
            return self.atr

        def execute(self, command: bytes) -> bytes:
            return bytes(500) + b"\x90\x00"

    bench = Bench(named_plan("truncating-extended-length"), card=Long())
    assert bench.send(bytes.fromhex("00B00000000000")) == ["00" * 256 + "9000"]


def test_a_card_that_says_6c_for_itself_reads_short_under_the_ready_plan() -> None:
    card = field_card(end_of_file=FieldEnd.EXACT_LENGTH, owner=ATR_INFO)
    bench = Bench(named_plan("short-reads"), card=card)
    assert bench.send(SELECT_OWNER_DF, SELECT_OWNER, READ_32)[2] == INFO + "9000"
