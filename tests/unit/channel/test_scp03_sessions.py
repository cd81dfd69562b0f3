"""Whole SCP03 sessions, recorded from cards: every step, both directions."""

from typing import Any

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import Flow, drive
from cardservice.channel.scp03 import Scp03Session, StaticKeys, derive, open_session
from cardservice.channel.scp03.session import SHORT_NC, SHORT_NC_S16
from cardservice.errors import AuthenticationError
from tests.shared import vectors
from tests.unit.channel.script import Recorder, Script

SESSIONS = vectors("scp03_sessions")["sessions"]
PREDICTABLE = [one for one in SESSIONS if one.get("pseudo_random_challenge_matches_isd_aid")]
ISD_AIDS = ("A000000003000000", "A000000151000000", "A0000005591010FFFFFFFF8900000100")


def keys_of(session: dict[str, Any]) -> StaticKeys:
    return StaticKeys(*(bytes.fromhex(session[f"key_{one}"]) for one in ("enc", "mac", "dek")))


def opened(session: dict[str, Any]) -> Scp03Session:
    card = Script(
        (session["initialize_update_capdu"], session["initialize_update_rapdu_data"] + "9000"),
        (session["external_authenticate_capdu"], "9000"),
    )
    # Some recorded hosts send INITIALIZE UPDATE without Le; the MAC chain does not see it.
    le = "00" * (
        len(session["initialize_update_capdu"]) // 2 == 5 + len(session["host_challenge"]) // 2
    )
    card.left[0] = (card.left[0][0] + bytes.fromhex(le), card.left[0][1])
    flow = open_session(
        keys_of(session),
        key_version=int(session["kvn"], 16),
        host_challenge=bytes.fromhex(session["host_challenge"]),
        security_level=int(session["security_level"], 16),
    )
    return drive(flow, card)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session["name"])
def test_a_recorded_session_is_replayed_to_the_octet(session: dict[str, Any]) -> None:
    ours = opened(session)
    assert ours.card.card_challenge.hex() == session["card_challenge"]
    for step in session["steps"]:
        wrapped = ours.wrap(CommandAPDU.parse(bytes.fromhex(step["plain_capdu"])))
        assert wrapped.encode().hex() == step["wrapped_capdu"]
        assert ours.mac_chaining_value.hex() == step["mac_chaining_value_after"]
        receive(ours, step)


def receive(ours: Scp03Session, step: dict[str, Any]) -> None:
    """Give the recorded answer; where none was recorded, a refusal, which carries no MAC."""
    if "wrapped_rapdu_data" not in step:
        assert ours.unwrap(ResponseAPDU(b"", 0x6A80)) == ResponseAPDU(b"", 0x6A80)
        return
    recorded = ResponseAPDU(bytes.fromhex(step["wrapped_rapdu_data"]), int(step["sw"], 16))
    assert ours.unwrap(recorded).data.hex() == step["plain_rapdu_data"]


def flow_for(session: dict[str, Any], invoking_aid: bytes) -> Flow[Scp03Session]:
    return open_session(
        keys_of(session),
        key_version=int(session["kvn"], 16),
        host_challenge=bytes.fromhex(session["host_challenge"]),
        security_level=int(session["security_level"], 16),
        invoking_aid=invoking_aid,
    )


@pytest.mark.parametrize("session", PREDICTABLE, ids=lambda session: session["name"])
def test_a_predictable_card_challenge_is_checked(session: dict[str, Any]) -> None:
    counter = bytes.fromhex(session["sequence_counter"])
    enc = keys_of(session).enc
    (aid,) = [
        bytes.fromhex(one)
        for one in ISD_AIDS
        if derive(enc, 2, counter + bytes.fromhex(one), 64).hex() == session["card_challenge"]
    ]
    answers = [session["initialize_update_rapdu_data"] + "9000", "9000"]
    assert drive(flow_for(session, aid), Recorder(answers)).card.sequence_counter is not None
    with pytest.raises(AuthenticationError, match="challenge"):
        drive(flow_for(session, b"foms_root"), Recorder(answers))


@pytest.mark.parametrize(("challenge", "limit"), [(8, SHORT_NC), (16, SHORT_NC_S16)])
def test_the_stated_limit_is_the_last_that_fits_a_short_command(challenge: int, limit: int) -> None:
    (recorded,) = [one for one in SESSIONS if one["mode"] == "S16"]
    level_33 = next(one for one in SESSIONS if one["security_level"] == "33")
    session = opened(recorded if challenge == 16 else level_33)
    assert session.mac_len == challenge
    assert session.wrap(CommandAPDU(cla=0x80, ins=0xE2, data=bytes(limit))).encode()[4] != 0
    session.unwrap(ResponseAPDU(b"", 0x6A80))
    assert session.wrap(CommandAPDU(cla=0x80, ins=0xE2, data=bytes(limit + 1))).encode()[4] == 0
