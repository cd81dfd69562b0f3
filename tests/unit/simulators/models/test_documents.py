"""Model files: every number with its source, and one clear line for a wrong file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.card import Operation
from simulators.models import ModelError, load_chips, load_lines, load_readers
from simulators.models.document import shipped

Load = Callable[[Path], object]


@pytest.mark.parametrize(
    ("name", "milliseconds"),
    [
        ("fastest", (13, 5, 7, 26, 2)),
        ("median", (59, 68, 104, 156, 4)),
        ("slowest", (146, 212, 187, 868, 8)),
    ],
)
def test_chips_take_what_was_measured_or_assumed(name: str, milliseconds: tuple[int, ...]) -> None:
    times = load_chips()[name].times
    order = ("sign", "verify", "ecdh", "key_pair", "symmetric")
    assert tuple(times[Operation(one)].value for one in order) == milliseconds


def test_a_mapping_takes_half_an_agreement() -> None:
    for model in load_chips().values():
        times = model.times
        assert times[Operation.MAPPING].value == times[Operation.ECDH].value / 2


def test_every_number_of_a_chip_has_a_source_or_is_assumed() -> None:
    for model in load_chips().values():
        assumed = {one for one, quantity in model.times.items() if quantity.is_assumed}
        assert assumed == {Operation.SYMMETRIC, Operation.MEMORY_WRITE}
        assert model.symmetric_octets.is_assumed
        measured = [model.times[one].source for one in model.times if one not in assumed]
        assert all(len(source) > 20 for source in measured)


def test_what_nobody_measured_of_a_reader_is_assumed() -> None:
    assert load_readers()["usual"].command_ms.is_assumed
    assert load_readers()["usual"].command_ns == 2_000_000


def _altered(folder: Path, name: str, old: str, new: str) -> Path:
    text = shipped(name).read_text("utf-8")
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ecdh_ms = [7,", "ecdh_ms = [-7,", "ecdh_ms must be a number, 0 or more"),
        ("ecdh_ms = [7,", 'ecdh_ms = ["7",', "ecdh_ms must be a number, 0 or more"),
        ("ecdh_ms = [7,", "ecdh_ms = [true,", "ecdh_ms must be a number, 0 or more"),
        ("ecdh_ms = [7,", "ecdh_ms = [nan,", "ecdh_ms must be a number, 0 or more"),
        ("ecdh_ms = [7,", "ecdh_ms = [inf,", "ecdh_ms must be a number, 0 or more"),
        ("ecdh_ms = [7,", f"ecdh_ms = [1{400 * '0'},", "ecdh_ms must be a number, 0 or more"),
        ('[7, "JCAlgTest"]', "7", r"ecdh_ms must be \[number, source\]"),
        ('[7, "JCAlgTest"]', '[7, "hearsay"]', "neither listed nor assumed"),
        ('[7, "JCAlgTest"]', "[7, []]", "neither listed nor assumed"),
        ("ecdh_ms", "edch_ms", "edch_ms is unknown"),
        ('ecdh_ms = [7, "JCAlgTest"]', "", "ecdh_ms is missing"),
        ("[65536,", "[0,", "symmetric_octets must be 1 or more"),
        ("[sources]", "[source]", "source is unknown"),
        ("[chips.fastest]", "[chips.fastest", "chips.toml: "),
    ],
)
def test_a_wrong_chip_is_refused_in_one_line_that_names_the_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(ModelError, match=said) as refused:
        load_chips(_altered(tmp_path, "chips.toml", old, new))
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("chips.toml: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("3BF713", "3BF799", "TA1 99 of the atr"),
        ("3BF713", "3BG713", "atr must be hexadecimal"),
        ("3BF713", "3BE713", "atr must have a TA1"),
        ('"3BF71300008131FE45464F4D534F4D53A9"', "3", "atr must be a text"),
        ('clock_hz = [4_800_000, "card"]', 'clock_hz = [0, "card"]', "clock_hz must be 1 or more"),
        ("carrier_hz = [13_560_000,", "carrier_hz = [0,", "carrier_hz must be 1 or more"),
        ("block_octets = [254,", "block_octets = [0,", "block_octets must be 1 or more"),
        ("[contactless.rates]", "[contactless.rate]", "rate is unknown"),
    ],
)
def test_a_wrong_line_is_refused_in_one_line_that_names_the_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(ModelError, match=said) as refused:
        load_lines(_altered(tmp_path, "lines.toml", old, new))
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("lines.toml: ")


@pytest.mark.parametrize("load", [load_chips, load_lines, load_readers])
def test_a_missing_file_is_told_by_its_name(tmp_path: Path, load: Load) -> None:
    with pytest.raises(ModelError, match=r"nothing\.toml: No such file"):
        load(tmp_path / "nothing.toml")


@pytest.mark.parametrize("load", [load_chips, load_lines, load_readers])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "noise.toml"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(ModelError, match=r"noise\.toml: "):
        load(path)


def test_a_file_without_a_single_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "readers.toml"
    path.write_text("[sources]\n[readers]\n")
    with pytest.raises(ModelError, match="readers: there is none"):
        load_readers(path)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "readers.toml"
    path.write_text("readers = 3\n[sources]\n")
    with pytest.raises(ModelError, match="there must be a table"):
        load_readers(path)
