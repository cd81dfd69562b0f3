from pathlib import Path

import pytest

from simulators.reader import ReaderSetupError, driver
from simulators.reader.driver import entries_for, entry_text, find_driver, slots_of, write_entries

PORTS = (20000, 20002)


def test_an_entry_names_its_port_in_hex_twice_and_its_own_copy_of_the_driver() -> None:
    assert entry_text(1, 0x4E20, Path("/x/vpcd-1.so")).splitlines() == [
        'FRIENDLYNAME "Cardsim 2"',
        "DEVICENAME /dev/null:0x4E20",
        "LIBPATH /x/vpcd-1.so",
        "CHANNELID 0x4E20",
    ]


def test_an_entry_makes_two_readers_on_neighbouring_ports() -> None:
    assert [(slot.name, slot.port) for slot in slots_of(PORTS)] == [
        ("Cardsim 1 00 00", 20000),
        ("Cardsim 1 00 01", 20001),
        ("Cardsim 2 00 00", 20002),
        ("Cardsim 2 00 01", 20003),
    ]


@pytest.mark.parametrize(("readers", "entries"), [(1, 1), (2, 1), (3, 2), (15, 8), (16, 8)])
def test_readers_come_in_pairs(readers: int, entries: int) -> None:
    assert entries_for(readers) == entries


@pytest.mark.parametrize("readers", [-1, 0, 17])
def test_pc_sc_takes_one_to_sixteen(readers: int) -> None:
    with pytest.raises(ReaderSetupError) as caught:
        entries_for(readers)
    assert caught.value.remedy == "ask for 1 to 16"


def test_no_two_entries_load_the_same_file(tmp_path: Path) -> None:
    original = tmp_path / "driver.so"
    original.write_bytes(b"driver")
    configuration = write_entries(tmp_path, PORTS, driver=original)
    (file,) = configuration.iterdir()
    loaded = [line.split()[1] for line in file.read_text().splitlines() if "LIBPATH" in line]
    assert len(set(loaded)) == len(PORTS)
    assert {Path(path).read_bytes() for path in loaded} == {b"driver"}


def test_a_missing_driver_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "DRIVER_FOLDERS", ())
    with pytest.raises(ReaderSetupError) as caught:
        find_driver()
    assert "vsmartcard-vpcd" in caught.value.remedy
