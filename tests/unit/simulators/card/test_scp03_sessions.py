"""Whole published SCP03 sessions, in both directions."""

from typing import Any

import pytest

from simulators.card import NonVolatileMemory, SoftwareCard, image
from simulators.card.apdu import parse_command
from simulators.card.image import KeySet
from simulators.card.making import blank_cells
from simulators.card.scp03_channel import Scp03Channel
from simulators.card.scp03_options import Scp03Options
from tests.shared import vectors
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, select_aid, send
from tests.unit.simulators.card.issuing import Drawn

SESSIONS = vectors("scp03_sessions")["sessions"]
RECORDED_AID = bytes.fromhex("A0000005591010FFFFFFFF8900000100")
"""ISD-R of the recorded eUICC: its challenges derive from this AID."""

OVERPADDED_ANSWER = "GET STATUS LIST_ISSUER_DOMAIN"
"""The emulation behind this vector pads 11 octets to two blocks; the standard pads to one."""

_by_name = {"argvalues": SESSIONS, "ids": lambda session: session["name"]}


def _octets(session: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(session[name])


def _mac_octets(session: dict[str, Any]) -> int:
    return 16 if session["mode"] == "S16" else 8


def _channel(session: dict[str, Any]) -> Scp03Channel:
    return Scp03Channel(
        kvn=int(session["kvn"], 16),
        key_enc=_octets(session, "key_enc"),
        key_mac=_octets(session, "key_mac"),
        key_dek=_octets(session, "key_dek"),
        context=_octets(session, "host_challenge") + _octets(session, "card_challenge"),
        mac_octets=_mac_octets(session),
    )


def _card(session: dict[str, Any], *, derived_challenge: bool) -> SoftwareCard:
    """A card that would have answered as the recorded one did."""
    key_set = KeySet(
        int(session["kvn"], 16),
        _octets(session, "key_enc"),
        _octets(session, "key_mac"),
        _octets(session, "key_dek"),
    )
    counter = int(session["sequence_counter"], 16) - 1
    cells = {
        **blank_cells(bytes(8)),
        image.KEY_SET: key_set.encode(),
        image.SEQUENCE_COUNTER: counter.to_bytes(3, "big"),
    }
    options = Scp03Options(
        i=_octets(session, "initialize_update_rapdu_data")[12],
        s16=session["mode"] == "S16",
        levels=frozenset({int(session["security_level"], 16)}),
        diversification=_octets(session, "initialize_update_rapdu_data")[:10],
        challenge_aid=RECORDED_AID if derived_challenge else None,
    )
    entropy = Drawn(_octets(session, "card_challenge"))
    return SoftwareCard(NonVolatileMemory(cells), entropy=entropy, scp03=options)


@pytest.mark.parametrize("session", **_by_name)
def test_the_card_opens_a_recorded_session_with_the_recorded_octets(
    session: dict[str, Any],
) -> None:
    derived = session.get("pseudo_random_challenge_matches_isd_aid", False)
    card = _card(session, derived_challenge=derived)
    assert select_aid(card, FOMS_ROOT) == OK
    opening = send(card, session["initialize_update_capdu"])
    assert opening == (_octets(session, "initialize_update_rapdu_data"), OK)
    assert send(card, session["external_authenticate_capdu"]) == (b"", OK)


@pytest.mark.parametrize("session", **_by_name)
def test_recorded_commands_unwrap_and_answers_wrap_to_the_recorded_octets(
    session: dict[str, Any],
) -> None:
    channel = _channel(session)
    opening = parse_command(_octets(session, "external_authenticate_capdu"))
    assert opening is not None
    channel.verify_mac(opening)
    channel.level = int(session["security_level"], 16)
    for step in session["steps"]:
        wrapped = parse_command(bytes.fromhex(step["wrapped_capdu"]))
        plain = parse_command(bytes.fromhex(step["plain_capdu"]))
        assert wrapped is not None
        assert plain is not None
        assert channel.unwrap(wrapped).data == plain.data
        if step.get("wrapped_rapdu_data"):
            sw = bytes.fromhex(step["sw"])
            answer = channel.wrap(bytes.fromhex(step["plain_rapdu_data"]) + sw)
            recorded = bytes.fromhex(step["wrapped_rapdu_data"]) + sw
            if step["name"] == OVERPADDED_ANSWER:
                assert (answer[:16], len(answer)) == (recorded[:16], len(recorded) - 16)
            else:
                assert answer == recorded


def test_the_diversified_session_of_the_policy_card_counts_from_one() -> None:
    card = SoftwareCard(NonVolatileMemory(blank_cells(bytes(range(8)))))
    assert select_aid(card, FOMS_ROOT) == OK
    first, _ = send(card, "80503000081111111111111111")
    second, _ = send(card, "8050000008111111111111111100")
    assert first[:13].hex() == "464d0001020304050607300370"
    assert (first[-3:].hex(), second[-3:].hex()) == ("000001", "000002")
    assert first[13:21] != second[13:21]


def test_without_bit_10_of_i_the_challenge_is_random_and_no_counter_is_shown() -> None:
    options = Scp03Options(i=0x60, challenge_aid=None)
    card = SoftwareCard(
        NonVolatileMemory(blank_cells(bytes(8))), entropy=Drawn(b"\xaa" * 8), scp03=options
    )
    select_aid(card, FOMS_ROOT)
    answer, sw = send(card, "80503000081111111111111111")
    assert (len(answer), answer[12], answer[13:21], sw) == (29, 0x60, b"\xaa" * 8, OK)
