import pytest

from cardservice.conformance.recording import MASK, masked_answer, masked_command

PIN = "31323334FFFFFFFF"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (f"0020000108{PIN}", "0020000108" + MASK * 8),
        (f"0024000110{PIN}{PIN}", "0024000110" + MASK * 16),
        (f"002C000110{PIN}{PIN}", "002C000110" + MASK * 16),
        ("84D8308104AABBCCDD00", "84D8308104" + MASK * 4 + "00"),
        ("84E28800000003AABBCC", "84E28800000003" + MASK * 3),
        ("00200001", "00200001"),
        ("0020000109AABB", "00200001" + MASK * 3),
    ],
)
def test_octets_of_secret_data_are_counted_and_not_shown(command: str, shown: str) -> None:
    assert masked_command(bytes.fromhex(command)) == shown


@pytest.mark.parametrize("command", ["00A4040C0153", "0C2000010A8E081122334455667788", "00"])
def test_other_commands_are_shown_octet_for_octet(command: str) -> None:
    assert masked_command(bytes.fromhex(command)) == command


@pytest.mark.parametrize(
    ("command", "answer", "shown"),
    [
        ("00B0810000", "6203AABBCC9000", "6203" + MASK * 3 + "9000"),
        ("00B0000500", "AABBCC6282", MASK * 3 + "6282"),
        ("00B0810500", "AABB9000", MASK * 2 + "9000"),
        ("00B08E0000", "6E01AA9000", "6E01AA9000"),
        ("0CB0810000", "8701019000", "8701019000"),
        ("00CADF0100", "0F9000", "0F9000"),
        ("00B0810000", "6982", "6982"),
    ],
)
def test_files_about_a_person_are_masked_in_answers(command: str, answer: str, shown: str) -> None:
    assert masked_answer(bytes.fromhex(command), bytes.fromhex(answer)) == shown
