"""A card that is a table from commands to answers, and remembers what it was asked."""

from collections.abc import Mapping

FILE_NOT_FOUND = "6A82"

ROOT = "00A4040C09666F6D735F726F6F74"
HOLDER = "00A4040C07464F4D535F4944"
INSURERS = "00A4040C08464F4D535F494E53"
CHIP_SECURITY = "00B08E0000"
EF_SOD = "00B09D0000"
CARD_ID = "00B0820000"
ICCID = "00B0810000"
OWNER_ALIAS = "00B0910000"
INSURER_ALIAS = "00B0920000"
LIFE_CYCLE = "00CADF0100"
POINTER = "00CA01B002"


class AnsweringCard:
    """Answers a command as the table says, ``6A82`` to one that is not in it; all hexadecimal."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = {bytes.fromhex(said): bytes.fromhex(told) for said, told in answers.items()}
        self.asked: list[str] = []

    def exchange(self, command: bytes) -> bytes:
        self.asked.append(command.hex().upper())
        return self.answers.get(command, bytes.fromhex(FILE_NOT_FOUND))
