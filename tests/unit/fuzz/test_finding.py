"""The fuzzer itself: what counts as a finding, and that one is found."""

from collections import deque
from pathlib import Path

import pytest

from cardservice.errors import MalformedDataError
from fuzz import kept, registry
from fuzz.__main__ import main
from fuzz.mutation import mutants
from fuzz.scenes import SCENES
from fuzz.target import Finding, Target, all_of, joined, pieces, require
from simulators.card.status import SW

LIFE_CYCLES = [0x07, *[0x0F] * 3, 0x83, 0xFF, *[0x0F] * 3, 0x07, *[0x0F] * 5]


def refuse(octets: bytes) -> None:
    raise MalformedDataError(octets.hex())


def stumble(octets: bytes) -> int:
    return octets[4]


def test_a_documented_error_is_no_finding_and_any_other_is() -> None:
    all_of(refuse, documented=(MalformedDataError,))(b"")
    with pytest.raises(IndexError):
        all_of(refuse, stumble, documented=(MalformedDataError,))(b"")


def test_an_invariant_that_does_not_hold_is_a_finding() -> None:
    require(condition=True, sentence="true")
    with pytest.raises(Finding, match="untrue"):
        require(condition=False, sentence="untrue")


def test_mutations_trip_over_a_careless_parser() -> None:
    inputs = list(mutants([bytes(8)], count=200))
    assert any(len(octets) < 5 for octets in inputs)
    with pytest.raises(IndexError):
        deque(map(stumble, inputs))


def test_mutations_are_the_same_at_every_run_of_one_seed() -> None:
    corpus = [b"one", b"another", bytes(40)]
    first = list(mutants(corpus, count=100))
    assert first == list(mutants(corpus, count=100))
    assert first != list(mutants(corpus, count=100, seed=1))


@pytest.mark.parametrize("width", [1, 2])
def test_messages_joined_come_apart_again(width: int) -> None:
    messages = [b"", b"one", bytes(200)]
    assert list(pieces(joined(*messages, width=width), width=width)) == messages


def test_a_message_that_is_cut_short_is_as_long_as_there_are_octets() -> None:
    assert list(pieces(b"\x05ab")) == [b"ab"]
    assert list(pieces(b"\x00", width=2)) == [b""]


@pytest.mark.parametrize(("number", "life_cycle"), list(enumerate(LIFE_CYCLES)))
def test_every_scene_is_a_card_that_answers(number: int, life_cycle: int) -> None:
    scene = SCENES[number]()
    _, content = scene.say(bytes.fromhex("00CADF0100"))
    state = content if scene.session else content[:-2]
    scene.card.reset()
    after = scene.card.execute(bytes.fromhex("00CADF0100"))
    assert after == bytes((life_cycle,)) + SW.SUCCESS.to_bytes(2)
    # In the middle of INITIALIZE UPDATE and of PACE the question is answered too.
    assert state == bytes((life_cycle,))


def test_only_inputs_that_reach_something_new_are_kept() -> None:
    target = registry.load()["terminal.atr"]
    refused, plain, too_long = b"", b"\x3b\x00", b"\x3b\x00\x00\x00"
    chosen = list(kept.telling(target, [plain, too_long, b"\x3b\x01\x41", refused, plain]))
    assert {refused, plain} <= set(chosen)
    assert len(chosen) == len(set(chosen)) < 4


def test_the_command_shows_the_targets_and_repeats_an_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "input").write_bytes(b"\x3b\x00")
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == list(registry.load())
    assert main(["terminal.atr", "--repeat", str(tmp_path / "input")]) == 0
    assert main(["terminal.atr", "--unguided"]) == 0


def test_a_command_without_a_target_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["no-such-target"])


def test_repeating_a_finding_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "input").write_bytes(b"")
    target = Target(stumble, list)
    monkeypatch.setattr("fuzz.__main__.load", lambda: {"stumble": target})
    with pytest.raises(IndexError):
        main(["stumble", "--repeat", str(tmp_path / "input")])
