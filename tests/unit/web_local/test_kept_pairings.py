"""The file of the pairings."""

import json
from pathlib import Path
from threading import Thread

import pytest

from cardservice.errors import Refusal
from cardservice.home.desk_pairing import FILE, MOST, DeskPairings
from tests.unit.web.examples import AT

HERE, THERE = "https://clinic.example.org", "https://other.example.org"


@pytest.fixture
def pairings(tmp_path: Path) -> DeskPairings:
    return DeskPairings(tmp_path / "desk")


def test_a_token_is_its_origins_alone(pairings: DeskPairings) -> None:
    made, token = pairings.add("МИС", HERE, at=AT)
    assert pairings.holder_of(token, HERE) == made
    assert pairings.holder_of(token, THERE) is None
    assert pairings.holder_of(token[:-1], HERE) is None
    assert pairings.holder_of("ключ", HERE) is None


def test_the_file_is_the_owners_and_holds_no_token(pairings: DeskPairings, tmp_path: Path) -> None:
    _, token = pairings.add("МИС", HERE, at=AT)
    file = tmp_path / "desk" / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert token not in file.read_text()


def test_pairings_outlive_the_process(pairings: DeskPairings, tmp_path: Path) -> None:
    made, token = pairings.add("МИС", HERE, at=AT)
    assert DeskPairings(tmp_path / "desk").holder_of(token, HERE) == made


def test_what_another_process_ended_is_over_at_the_next_look(
    pairings: DeskPairings, tmp_path: Path
) -> None:
    made, token = pairings.add("МИС", HERE, at=AT)
    assert pairings.holder_of(token, HERE) is not None
    assert DeskPairings(tmp_path / "desk").end(made.id) == made
    assert pairings.holder_of(token, HERE) is None


def test_a_pairing_that_is_not_there_cannot_be_ended(pairings: DeskPairings) -> None:
    with pytest.raises(Refusal) as caught:
        pairings.end("0123456789abcdef")
    assert caught.value.code == "pairing-unknown"


def test_there_are_only_so_many(pairings: DeskPairings) -> None:
    for _ in range(MOST):
        pairings.add("МИС", HERE, at=AT)
    with pytest.raises(Refusal) as caught:
        pairings.add("МИС", HERE, at=AT)
    assert caught.value.code == "pairings-full"


def test_changes_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    def add() -> None:
        DeskPairings(tmp_path).add("МИС", HERE, at=AT)

    threads = [Thread(target=add) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(DeskPairings(tmp_path).all()) == len(threads)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"kind": "other", "format": 1, "pairings": []}', "[" * 100_000],
)
def test_a_damaged_file_lets_nobody_in(
    pairings: DeskPairings, tmp_path: Path, content: str
) -> None:
    _, token = pairings.add("МИС", HERE, at=AT)
    (tmp_path / "desk" / FILE).write_text(content)
    with pytest.raises(Refusal) as caught:
        pairings.holder_of(token, HERE)
    assert caught.value.code == "home-damaged"


@pytest.mark.parametrize("broken", [{"id": 5}, {"token_hash": "ключ"}, {"paired_at": "soon"}])
def test_a_pairing_that_is_none_lets_nobody_in(
    pairings: DeskPairings, tmp_path: Path, broken: dict[str, object]
) -> None:
    _, token = pairings.add("МИС", HERE, at=AT)
    file = tmp_path / "desk" / FILE
    said = json.loads(file.read_text())
    said["pairings"][0] |= broken
    file.write_text(json.dumps(said))
    with pytest.raises(Refusal):
        pairings.holder_of(token, HERE)


def test_the_hash_is_in_no_text_of_a_pairing(pairings: DeskPairings) -> None:
    made, _ = pairings.add("МИС", HERE, at=AT)
    assert made.token_hash not in repr(made)
