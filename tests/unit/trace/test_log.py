"""Logs in the forms that people have them, explained."""

import io

import pytest

from simulators.trace import Masking, Record, decode_log
from simulators.trace.records import encode
from tests.unit.simulators.card.issuing import OWNER
from tests.unit.trace.conversations import issued_image, read_plainly, record

SELECT = "00A4040009666F6D735F726F6F7400"
ANSWER = "6F0B8409666F6D735F726F6F749000"


def _explained(text: str, *, masking: Masking = Masking.PERSONAL) -> list[str]:
    return list(decode_log(io.BytesIO(text.encode()), masking=masking))


def _spaced(octets: str) -> str:
    return bytes.fromhex(octets).hex(" ").upper()


OPENSC_TOOL = """Sending: 00 A4 04 00 09 66 6F 6D 73 5F 72 6F 6F 74 00
Received (SW1=0x90, SW2=0x00):
6F 0B 84 09 66 6F 6D 73 5F 72 6F 6F 74 o...foms_root
"""
OPENSC_DEBUG = """P:77; 12:00:00.123 [opensc-tool] reader-pcsc.c:323:pcsc_transmit: called
Outgoing APDU (15 bytes):
00 A4 04 00 09 66 6F 6D 73 5F 72 6F 6F 74 00 ....foms_root.
Incoming APDU (15 bytes):
6F 0B 84 09 66 6F 6D 73 5F 72 6F 6F 74 90 00 o...foms_root..
"""
FORMS = {
    "arrows": f">> {SELECT}\n<< {ANSWER}\n",
    "arrows with lengths": f"- >>[15] {_spaced(SELECT)}\n- << {_spaced(ANSWER)}\n",
    "thin arrows": f"-> {SELECT.lower()}\n<- {ANSWER.lower()}\n",
    "pcscd": f"00000012 APDU: {_spaced(SELECT)}\n00001453 SW: {_spaced(ANSWER)}\n",
    "names": f"C-APDU: {SELECT}\nR-APDU: {ANSWER}\n",
    "pyscard": f"> {_spaced(SELECT)}\n<  {_spaced(ANSWER[:-4])} 90 0 \n",
    "scriptor": f"> {_spaced(SELECT)}\n< {_spaced(ANSWER)} : Normal processing.\n",
    "GlobalPlatformPro": (
        "A>> T=1 (4+0009) 00A40400 09 666F6D735F726F6F74 00\n"
        f"A<< (0013+2) (12ms) {ANSWER[:-4]} 9000\n"
    ),
    "bare lines in turn": f"{SELECT}\n{ANSWER}\n",
    "octets with 0x": (
        f"[{', '.join('0x' + one for one in _spaced(SELECT).split())}]\n"
        f"[{', '.join('0x' + one for one in _spaced(ANSWER).split())}]\n"
    ),
    "octets with colons": f"> {_spaced(SELECT).replace(' ', ':')}\n< {_spaced(ANSWER)}\n",
    "opensc-tool": OPENSC_TOOL,
    "OpenSC's debug log": OPENSC_DEBUG,
    "other line ends": f">> {SELECT}\r\n\r\n<< {ANSWER}\r\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_known_form_of_log_is_read(form: str) -> None:
    lines = _explained(FORMS[form])
    assert "    1  SELECT  foms_root" in lines
    assert f"        > {SELECT}" in lines
    assert f"        < {ANSWER}  done" in lines
    assert "              84 name (9): 666F6D735F726F6F74 “foms_root”" in lines


def test_a_dump_over_several_lines_is_put_together() -> None:
    content = bytes(range(0x41, 0x41 + 37))
    rows = [content[i : i + 16] for i in range(0, 37, 16)]
    dump = "\n".join(f"{row.hex(' ').upper() + ' ':<48}{row.decode()}" for row in rows)
    text = (
        f"Sending: 00 B0 00 00 00\nReceived (SW1=0x62, SW2=0x82):\n{dump}\nSending: 00 CA DF 01 00"
    )
    lines = _explained(text, masking=Masking.NONE)
    assert f"        < {content.hex().upper()}6282  end of the file before Ne octets" in lines
    assert lines[-1] == "        < no answer"


def test_an_answer_that_scriptor_wraps_is_one_answer() -> None:
    rows = [OWNER[i : i + 16].hex(" ").upper() for i in range(0, 48, 16)]
    wrapped = " \n".join(rows)
    text = f"> 00 B0 91 00 30\n< {wrapped} \n90 00 : Normal processing.\n> 00 CA DF 01 00\n"
    lines = _explained(text)
    assert "        < ‹48 masked›9000  done" in lines
    assert lines[3].startswith("    2  GET DATA")


def test_bare_lines_of_a_file_do_not_pass_for_commands_whose_header_is_shown() -> None:
    rows = [OWNER[i : i + 16].hex() for i in range(0, 144, 16)]
    text = "\n".join(_explained("\n".join(["00B0910000", "9000", *rows])))
    assert "looks like no command" in text
    assert all(OWNER[i : i + 3].hex().upper() not in text for i in range(len(OWNER) - 3))


def test_characters_beside_a_dump_that_look_like_octets_are_none() -> None:
    content = bytes(range(0x50, 0x60)) + b"AB"
    first, last = content[:16], content[16:]
    dump = f"{first.hex(' ').upper()} {first.decode()}\n{last.hex(' ').upper() + ' ':<48}AB\n"
    text = f"Sending: 00 B0 00 00 00\nReceived (SW1=0x90, SW2=0x00):\n{dump}"
    lines = _explained(text, masking=Masking.NONE)
    assert f"        < {content.hex().upper()}9000  done" in lines


def test_an_answer_to_reset_of_pcsc_scan_begins_anew() -> None:
    lines = _explained("  ATR: 3B F7 13 00 00 81 31 FE 45 46 4F 4D 53 4F 4D 53 A9\n")
    assert lines == ["    1  ATR  3BF71300008131FE45464F4D534F4D53A9"]


def test_what_is_no_log_is_named_by_its_lines_and_not_quoted() -> None:
    text = f"Dear colleague\nhere it is, ИВАНОВ\n>> {SELECT}\n<< {ANSWER}\nzz\n>> xyz\n<< 90\n"
    lines = _explained(text)
    assert lines[0].startswith("lines 1 to 2 skipped: neither hexadecimal")
    assert lines[-2].startswith("lines 5 to 6 skipped: neither hexadecimal")
    assert lines[-1] == "line 7 skipped: too few octets for a command or an answer"
    assert "ИВАНОВ" not in "\n".join(lines)


def test_an_answer_without_a_command_and_a_command_without_an_answer_are_said() -> None:
    lines = _explained(f"<< {ANSWER}\n>> 00CADF0100\n>> 00CADF0100\n<< 0F9000\n")
    assert lines[0] == "line 1 skipped: an answer without a command before it"
    assert lines.count("        < no answer") == 1
    assert lines[-1] == "        < 0F9000  done"


READING = f">> 00A4040C07464F4D535F4944\n<< 9000\n>> 00B0810000\n<< {OWNER.hex()}9000\n"


def test_personal_data_of_a_raw_log_are_masked() -> None:
    text = "\n".join(_explained(READING))
    assert f"< ‹{len(OWNER)} masked›9000  done" in text
    assert "owner EF (SFI 01)" in text
    assert OWNER[3:7].hex().upper() not in text


def test_unmasked_a_file_is_shown_as_a_tree_with_its_texts() -> None:
    text = "\n".join(_explained(READING, masking=Masking.NONE))
    assert "5F21 surname (12): D098D092D090D09DD09ED092 “ИВАНОВ”" in text
    assert "              5F26 policy number" in text


def _trace_lines() -> str:
    trace = record(issued_image(), read_plainly)
    records: list[Record] = [trace.header, *trace.entries]
    return "\n".join(map(encode, records))


def test_a_trace_is_explained_and_stays_masked() -> None:
    lines = _explained(_trace_lines(), masking=Masking.NONE)
    assert lines[0].startswith("Session of 20")
    assert any(line.endswith("READ BINARY  owner EF (SFI 11), from octet 0") for line in lines)
    assert f"        < ‹{len(OWNER)} masked›9000  done" in lines


def test_the_image_opens_a_trace_only_for_those_who_ask_for_it_unmasked() -> None:
    stream = io.BytesIO(_trace_lines().encode())
    opened = "\n".join(decode_log(stream, masking=Masking.NONE, cells=issued_image()))
    assert "“ИВАНОВ”" in opened
    stream.seek(0)
    assert "ИВАНОВ" not in "\n".join(decode_log(stream, cells=issued_image()))


def test_a_damaged_line_of_a_trace_is_skipped_and_the_rest_explained() -> None:
    first, *rest = _trace_lines().splitlines()
    lines = _explained("\n".join([first, '{"session": 7}', *rest]))
    assert "line 2 skipped: no line of a trace, number must be a whole number above 0" in lines
    assert any("life cycle" in line or "owner EF" in line for line in lines)


def test_a_line_beyond_all_measure_is_skipped_and_the_next_one_read() -> None:
    lines = _explained(f"{'00' * 500_000}\n>> {SELECT}\n<< {ANSWER}\n")
    assert lines[0] == "line 1 skipped: too long for a line of a log"
    assert lines[1] == "    1  SELECT  foms_root"


def test_an_apdu_longer_than_any_is_skipped() -> None:
    assert _explained(f">> {'00' * 70_000}\n") == ["line 1 skipped: longer than any APDU"]


def test_nothing_that_a_terminal_would_obey_is_printed() -> None:
    hostile = bytes.fromhex("1B5D303B68690707").hex()
    text = "\n".join(_explained(f">> 00A4040008{hostile}\n<< 6A82\n", masking=Masking.NONE))
    assert "\x1b" not in text
    assert "1B5D303B68690707" in text
