"""One published SCP03 session as constants, so that a checkout alone checks the protocol."""

from typing import Any

from cardservice.channel.flow import drive
from cardservice.channel.scp03 import Scp03Session, StaticKeys, open_session
from tests.unit.channel.script import Recorder

# GPC Amendment D, one session with AES-128 at level 33, from a real card (pySim's tests,
# SCP03_Test_AES128_33).
KEYS = StaticKeys(bytes(range(16)), bytes(range(0x10, 0x20)), bytes(range(0x20, 0x30)))
HOST_CHALLENGE = bytes.fromhex("fdf38259a1e0de44")
ISD_AID = bytes.fromhex("A0000005591010FFFFFFFF8900000100")
INITIALIZE_UPDATE = "8050300008 fdf38259a1e0de44 00"
ANSWER = "00000000000000000000 300370 3b1aca81e821f219 081cdc01c26b372d 000003 9000"
EXTERNAL_AUTHENTICATE = "8482330010 8c36f96bcc00724a 4e13ad591d7da3f0"


def open_worked(answers: list[str], **changes: Any) -> tuple[Scp03Session, Recorder]:
    card = Recorder(answers)
    arguments: dict[str, Any] = {"key_version": 0x30, "host_challenge": HOST_CHALLENGE} | changes
    return drive(open_session(KEYS, **arguments), card), card
