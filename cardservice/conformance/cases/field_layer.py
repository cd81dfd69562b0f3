"""FL: answer to reset, directories, files and what they hold (card.md 1 to 3)."""

from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.apdu.tlv import scan
from cardservice.channel.reading import PLAIN_BLOCK, PROTECTED_BLOCK, get_data, read_file
from cardservice.channel.security_infos import parse_chip_security
from cardservice.channel.terminal_authentication_references import parse_ef_cvca
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.words import HOLDER, INSURERS, ROOT
from cardservice.conformance.preparing import open_pace, open_reading, open_scp03, select
from cardservice.conformance.terminal import Terminal, require
from cardservice.conformance.terms import ANY_STAGE, Interface, Need, Stage, Where
from cardservice.pki.ef_sod import parse_ef_sod, verify_ef_sod
from cardservice.policycard.identity import decode_card_id, decode_iccid
from cardservice.policycard.insurer import decode_insurer
from cardservice.policycard.layout import CardFile, Directory, FileSpec, insurer_file
from cardservice.policycard.owner import walk_owner
from cardservice.policycard.profile import Profile
from cardservice.policycard.security import SignedFiles, check_groups
from cardservice.policycard.tags import FieldTag

chapter: Final = Chapter()

_CONTACT_ATRS: Final = frozenset(
    {
        "3BF71300008131FE45464F4D534F4D53A9",
        "3BD911008131FE8D0000464F4D53312E3132",
        "3BF71800008131FE45464F4D534F4D53A2",
        "3BF79600008131FE45464F4D534F4D532C",
    }
)
_CONTACTLESS_ATR: Final = "3B878001464F4D534F4D5340"
_READING: Final = Terms(needs=(Need.READING,))
_MADE: Final = Terms(needs=(Need.READING, Need.SCRATCH))
_ANY: Final = Terms(stages=ANY_STAGE)
_BLANK: Final = Terms(stages=(Stage.BLANK,))


def read_whole(terminal: Terminal, spec: FileSpec) -> bytes:
    """Return a file by its SFI, under the session there is."""
    select(spec.directory)(terminal)
    block = PLAIN_BLOCK if terminal.protection is None else PROTECTED_BLOCK
    start = terminal.run(read_file(sfi=spec.sfi, max_size=spec.limit, block=block))
    return start.data


@chapter.case("FL-001", "The answer to reset is one that the contract lists", "1", _ANY)
def _atr(terminal: Terminal) -> None:
    atr = terminal.link.atr.hex().upper()
    on_air = terminal.interface is Interface.CONTACTLESS
    listed = {_CONTACTLESS_ATR} if on_air else _CONTACT_ATRS
    require(atr in listed, f"the answer to reset {atr} is not one of those listed")


for _number, _aid, _name in (
    ("FL-002", ROOT, "foms_root"),
    ("FL-003", HOLDER, "FOMS_ID"),
    ("FL-004", INSURERS, "FOMS_INS"),
):
    chapter.script(
        _number,
        f"{_name} is selected by its full AID from the MF and from every directory",
        "2",
        f"00A4040C{_aid} > 9000 -; root; 00A4040C{_aid} > 9000; id; 00A4040C{_aid} > 9000;"
        f"ins; 00A4040C{_aid} > 9000",
        _ANY,
    )

chapter.script(
    "FL-005",
    "EF.ATR/INFO lies in the MF and says 2,048 octets each way",
    "2",
    "00A4020C022F01 > 9000; 00B0000000 > 9000 7F66080202080002020800",
    _ANY,
)
chapter.script(
    "FL-006",
    "EF.CardAccess offers PACE on P-256 and nothing else",
    "2",
    "00B09C0000 > 9000 31143012060A04007F0007020204020202010202010C",
)
chapter.script(
    "FL-007",
    "A blank card has no EF in any directory but EF.ATR/INFO",
    "2",
    "00A4020C02011C > 6A82; root; 00A4020C020101 > 6A82; 00A4020C020102 > 6A82;"
    "00A4020C02010E > 6A82; 00A4020C02011C > 6A82; 00A4020C02011D > 6A82; id;"
    "00A4020C020201 > 6A82; ins; 00A4020C020301 > 6A82; 00A4020C02030A > 6A82",
    _BLANK,
)


@chapter.case("FL-008", "EF.ICCID is 60{41 = 01, 42 = chip serial}", "2", _READING)
def _iccid(terminal: Terminal) -> None:
    open_reading(terminal)
    iccid = decode_iccid(read_whole(terminal, CardFile.ICCID.spec))
    require(iccid.iccid.issuer_code == 1 and not iccid.skipped, "EF.ICCID says something else")


@chapter.case("FL-009", "EF.CardID has serial, type 02, version 01, fund and place", "2", _READING)
def _card_id(terminal: Terminal) -> None:
    open_reading(terminal)
    identity = decode_card_id(read_whole(terminal, CardFile.CARD_ID.spec))
    require(not identity.skipped, "EF.CardID holds more than the contract says")


@chapter.case("FL-010", "EF.ICCID and EF.CardID name the same chip", "2", _READING)
def _same_chip(terminal: Terminal) -> None:
    open_reading(terminal)
    iccid = decode_iccid(read_whole(terminal, CardFile.ICCID.spec)).iccid
    identity = decode_card_id(read_whole(terminal, CardFile.CARD_ID.spec)).identity
    require(iccid.chip_serial == identity.chip_serial, "two chip serial numbers on one card")


@chapter.case(
    "FL-011",
    "The chip serial in EF.ICCID is the one the card authenticates with",
    "6",
    Terms(where=Where.CONTACT, needs=(Need.KEYS, Need.READING)),
)
def _serial_of_session(terminal: Terminal) -> None:
    open_reading(terminal)
    iccid = decode_iccid(read_whole(terminal, CardFile.ICCID.spec)).iccid
    terminal.reset()
    session = open_scp03(terminal)
    sent = session.card.diversification_data
    require(sent == b"FM" + iccid.chip_serial, "diversification data are not 464D and the serial")


@chapter.case(
    "FL-012", "EF.ChipSecurity has chip, terminal and PACE infos", "2", Terms(needs=(Need.CHIP,))
)
def _chip_security(terminal: Terminal) -> None:
    if terminal.known.profile is Profile.PRIVATE:
        open_pace(terminal)
    infos = parse_chip_security(read_whole(terminal, CardFile.CHIP_SECURITY.spec))
    require(infos.chip_authentication.version == 1, "chip authentication is not version 1")
    require(infos.public_key.key_id is None, "the chip's key has an identifier")
    terminal_info = infos.terminal_authentication
    require(terminal_info is not None and terminal_info.version == 1, "no terminal authentication")
    require(infos.pace is not None and not infos.unknown, "PACEInfo is missing, or there is more")


@chapter.case(
    "FL-013",
    "EF.CVCA names the current trust point and is padded to 36 octets",
    "2",
    Terms(needs=(Need.AUTHORITY,)),
)
def _cvca(terminal: Terminal) -> None:
    select(Directory.ROOT)(terminal)
    reading = CommandAPDU(cla=0, ins=Ins.READ_BINARY, p1=0x9C, ne=256)
    content = terminal.expect(reading, SW.OK)
    require(len(content) == CardFile.CVCA.spec.limit, f"EF.CVCA has {len(content)} octets, not 36")
    scratch = terminal.known.scratch
    current = scratch and scratch.authority.current.certificate.chr
    require(parse_ef_cvca(content)[0] == current, "EF.CVCA names another current trust point")


@chapter.case("FL-014", "SFI 11 of foms_root is the owner EF", "2", _READING)
def _owner_alias(terminal: Terminal) -> None:
    open_reading(terminal)
    owner = read_whole(terminal, CardFile.OWNER.spec)
    select(Directory.ROOT)(terminal)
    alias = terminal.run(
        read_file(sfi=0x11, max_size=CardFile.OWNER.spec.limit, block=PROTECTED_BLOCK)
    )
    require(alias.data == owner, "SFI 11 leads to something else")


@chapter.case("FL-015", "SFI 12 of foms_root is the insurer EF of the pointer", "2", _READING)
def _insurer_alias(terminal: Terminal) -> None:
    open_reading(terminal)
    current = read_whole(terminal, insurer_file(_pointer(terminal)))
    select(Directory.ROOT)(terminal)
    alias = terminal.run(read_file(sfi=0x12, max_size=2048, block=PROTECTED_BLOCK))
    require(alias.data == current, "SFI 12 leads to something else")


@chapter.case(
    "FL-016", "The owner EF is one object 62, its fields in order, once each", "2", _READING
)
def _owner(terminal: Terminal) -> None:
    open_reading(terminal)
    content = read_whole(terminal, CardFile.OWNER.spec)
    file = walk_owner(content)
    tags = [entry[0] for entry in scan(content, file.start, file.end)]
    order = [int(tag) for tag in _OWNER_ORDER]
    require(tags == sorted(tags, key=order.index), "fields of the owner EF are out of order")
    require(len(set(tags)) == len(tags), "a tag occurs twice")
    require(set(tags) >= _OWNER_REQUIRED, "a required field is missing")


_OWNER_ORDER: Final = (
    *(FieldTag.ENP, FieldTag.SURNAME, FieldTag.GIVEN_NAME, FieldTag.PATRONYMIC, FieldTag.SEX),
    *(FieldTag.BIRTH_DATE, FieldTag.CITIZENSHIP, FieldTag.SNILS, FieldTag.EXPIRY),
    *(FieldTag.BIRTH_PLACE, FieldTag.ISSUE_DATE, FieldTag.PHOTO),
)
_OWNER_REQUIRED: Final = frozenset(
    {
        *(FieldTag.ENP, FieldTag.SURNAME, FieldTag.GIVEN_NAME, FieldTag.SEX),
        FieldTag.BIRTH_DATE,
    }
)


@chapter.case("FL-017", "The current insurer EF is one object 64 with its fields", "2", _READING)
def _insurer(terminal: Terminal) -> None:
    open_reading(terminal)
    read = decode_insurer(read_whole(terminal, insurer_file(_pointer(terminal))))
    require(not read.skipped and not read.repeated, "the insurer EF holds other or repeated tags")


@chapter.case("FL-018", "EF.SOD lists the right hash of every object on the card", "3", _READING)
def _security_object(terminal: Terminal) -> None:
    open_reading(terminal)
    signed = verify_ef_sod(parse_ef_sod(read_whole(terminal, CardFile.SECURITY_OBJECT.spec)))
    found = check_groups(
        signed.hashes,
        SignedFiles(
            owner=read_whole(terminal, CardFile.OWNER.spec),
            insurer=read_whole(terminal, insurer_file(_pointer(terminal))),
            card_id=read_whole(terminal, CardFile.CARD_ID.spec),
            iccid=read_whole(terminal, CardFile.ICCID.spec),
            chip_security=read_whole(terminal, CardFile.CHIP_SECURITY.spec),
        ),
    )
    require(not found.findings, f"EF.SOD and files differ: {', '.join(found.reasons)}")


@chapter.case("FL-019", "What was stored is read back octet for octet", "2", _MADE)
def _read_back(terminal: Terminal) -> None:
    open_reading(terminal)
    scratch = terminal.known.scratch
    if scratch is None or scratch.files is None:
        raise ValueError("no files were written")
    for spec, content in (
        (CardFile.OWNER.spec, scratch.prepared.owner),
        (CardFile.ICCID.spec, scratch.files.iccid),
        (CardFile.CARD_ID.spec, scratch.files.card_id),
        (CardFile.CHIP_SECURITY.spec, scratch.files.chip_security),
        (insurer_file(scratch.pointer), scratch.insurers[scratch.pointer]),
    ):
        require(read_whole(terminal, spec) == content, f"EF {spec.file_id:04X} differs")


def _pointer(terminal: Terminal) -> int:
    select(Directory.INSURERS)(terminal)
    return int.from_bytes(terminal.run(get_data(0x01B0)))


for _number, _word, _file, _sfi in (
    ("FL-020", "root", "0101", "81"),
    ("FL-021", "root", "0102", "82"),
    ("FL-022", "root", "010E", "8E"),
    ("FL-023", "root", "011D", "9D"),
    ("FL-024", "id", "0201", "81"),
):
    chapter.script(
        _number,
        f"EF {_file} is found by its id and by its SFI",
        "2",
        f"reading; {_word}; 00A4020C02{_file} > 9000; 00B0000004 > 9000 #4; {_word};"
        f"00B0{_sfi}0004 > 9000 #4",
    )


@chapter.case("FL-025", "The current insurer EF is found by its id and by its SFI", "2", _READING)
def _insurer_found(terminal: Terminal) -> None:
    open_reading(terminal)
    spec = insurer_file(_pointer(terminal))
    data = spec.file_id.to_bytes(2)
    terminal.expect(CommandAPDU(cla=0, ins=Ins.SELECT, p1=0x02, p2=0x0C, data=data), SW.OK)
    by_id = terminal.expect(CommandAPDU(cla=0, ins=Ins.READ_BINARY, ne=64), SW.OK, SW.END_OF_FILE)
    by_sfi = read_whole(terminal, spec)
    require(by_sfi.startswith(by_id) and by_id, "id and SFI lead to different files")


chapter.script(
    "FL-026",
    "The MF does not hold the files of the directories",
    "2",
    "mf; 00A4020C020101 > 6A82; 00A4020C020201 > 6A82; 00A4020C020301 > 6A82",
    _ANY,
)
