"""Terminals with forged, expired, misplaced or overgrown certificates, and with old signatures."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from simulators.card import CountedClock, PowerCut, SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.desks import Desk, card_with_trust_point, desk_at
from tests.unit.simulators.card.hosts import OK, PaceHost, chip_authenticate, tlv
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    CVCA,
    CVCA_2,
    DV,
    TERMINAL,
    Content,
    Drawn,
    Party,
    certificate,
    in_range,
    personalized,
    trust_point,
)

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ENEMY_CVCA, ENEMY_DV = replace(CVCA, scalar=6661), replace(DV, scalar=6662)
OTHER_CVCA = replace(CVCA, name=b"RUOTHRCVCA00001", scalar=6663)
FOREIGN_DV = replace(DV, chat=0x47)


def _card_of(desk: Desk) -> SoftwareCard:
    card = desk.host.card
    assert isinstance(card, SoftwareCard)
    return card


def _rights_at(desk: Desk) -> int:
    return _card_of(desk)._chip.session.rights


def _is_authenticated(desk: Desk) -> bool:
    terminal = _card_of(desk)._chip.session.terminal
    return terminal is not None and terminal.authenticated


def _dated(desk: Desk, digits: str) -> Desk:
    return desk_at(copy_of(_card_of(desk), changes={image.CARD_DATE: bytes(map(int, digits))}))


def _with_dv(desk: Desk, dv: Party = DV) -> Desk:
    assert desk.load(CVCA, certificate(dv, CVCA)) == OK
    return desk


def _linked(desk: Desk) -> Desk:
    assert desk.load(CVCA, certificate(CVCA_2, CVCA)) == OK
    return desk


Attempt = tuple[Callable[[Desk], Desk], Party, bytes]
THIRD = replace(CVCA_2, name=b"RUFOMSCVCA00003", scalar=1003)
REFUSED: dict[str, Attempt] = {
    "DV signed by another CVCA of the same name": (
        lambda desk: desk,
        CVCA,
        certificate(DV, ENEMY_CVCA),
    ),
    "DV that names another CVCA": (lambda desk: desk, CVCA, certificate(DV, OTHER_CVCA)),
    "DV signed by itself": (lambda desk: desk, CVCA, certificate(DV, replace(DV, name=CVCA.name))),
    "CVCA's own certificate again, as the trust point has it, from an enemy": (
        lambda desk: desk,
        CVCA,
        certificate(CVCA, ENEMY_CVCA),
    ),
    "link signed by another key": (lambda desk: desk, CVCA, certificate(CVCA_2, ENEMY_CVCA)),
    "link signed by the new key": (
        lambda desk: desk,
        CVCA,
        certificate(CVCA_2, replace(CVCA_2, name=CVCA.name)),
    ),
    "link under the previous trust point": (_linked, CVCA, certificate(THIRD, CVCA)),
    "terminal directly under the CVCA": (lambda desk: desk, CVCA, certificate(TERMINAL, CVCA)),
    "foreign DV": (lambda desk: desk, CVCA, certificate(FOREIGN_DV, CVCA)),
    "terminal of another DV of the same name": (
        _with_dv,
        DV,
        certificate(TERMINAL, ENEMY_DV),
    ),
    "terminal that names another DV": (
        _with_dv,
        DV,
        certificate(TERMINAL, replace(DV, name=b"RUFUND00200001")),
    ),
    "DV under a DV": (_with_dv, DV, certificate(replace(DV, name=b"RUFUND00300001"), DV)),
    "link under a DV": (_with_dv, DV, certificate(CVCA_2, DV)),
    "terminal signed by a terminal": (
        _with_dv,
        DV,
        certificate(TERMINAL, replace(TERMINAL, name=DV.name)),
    ),
    "DV expired yesterday": (
        lambda desk: _dated(desk, "270102"),
        CVCA,
        certificate(DV, CVCA, expiry="270101"),
    ),
    "terminal expired since its DV began": (
        lambda desk: _advanced(desk, "260701"),
        DV,
        certificate(TERMINAL, DV, expiry="260630"),
    ),
}


def _advanced(desk: Desk, effective: str) -> Desk:
    assert desk.load(CVCA, certificate(DV, CVCA, effective=effective)) == OK
    return desk


@pytest.mark.parametrize("name", REFUSED)
def test_a_certificate_that_does_not_follow_its_issuer_is_6300_and_changes_nothing(
    name: str,
) -> None:
    prepare, issuer, hostile = REFUSED[name]
    desk = prepare(desk_at())
    before = desk.host.card.memory.cells()
    assert desk.load(issuer, hostile) == 0x6300
    assert desk.host.card.memory.cells() == before
    assert desk.host.send("002281A4", tlv("83", TERMINAL.name))[1] == 0x6A88


def test_the_same_chain_made_by_the_right_issuers_is_taken() -> None:
    assert desk_at().authenticate() == OK


@cache
def _card_trusting(rights: int) -> SoftwareCard:
    return personalized(Content(cvca=trust_point(replace(CVCA, chat=0xC0 | rights))))


def _rights_with(cvca: int, dv: int, terminal: int) -> tuple[int, int]:
    desk = desk_at(_card_trusting(cvca))
    parties = (replace(CVCA, chat=0xC0 | cvca), replace(DV, chat=0x80 | dv))
    assert desk.load(parties[0], certificate(parties[1], parties[0])) == OK
    last = replace(TERMINAL, chat=terminal)
    assert desk.load(parties[1], certificate(last, parties[1])) == OK
    assert desk.prove(last) == OK
    return _rights_at(desk), cvca & dv & terminal


@pytest.mark.parametrize("cvca", [0b111, 0b101, 0b000])
def test_no_certificate_gives_a_right_that_one_above_it_lacks(cvca: int) -> None:
    for dv, terminal in product(range(8), repeat=2):
        given, expected = _rights_with(cvca, dv, terminal)
        assert given == expected, f"{cvca:03b} {dv:03b} {terminal:03b}"


@pytest.mark.parametrize("chat", [0x0F, 0x3F, 0x38])
def test_bits_of_the_chat_that_mean_nothing_here_give_nothing(chat: int) -> None:
    desk = desk_at(personalized(Content(cvca=trust_point(replace(CVCA, chat=0xFF)))))
    assert desk.load(CVCA, certificate(replace(DV, chat=0xBF), CVCA)) == OK
    terminal = replace(TERMINAL, chat=chat)
    assert desk.load(DV, certificate(terminal, DV)) == OK
    assert desk.prove(terminal) == OK
    assert _rights_at(desk) == chat & 0x07


def _ready(desk: Desk) -> Desk:
    assert desk.load(CVCA, certificate(DV, CVCA)) == OK
    assert desk.load(DV, certificate(TERMINAL, DV)) == OK
    assert desk.host.send("002281A4", tlv("83", TERMINAL.name))[1] == OK
    return desk


def _challenge(desk: Desk) -> bytes:
    challenge, sw = desk.host.send("00840000", le=b"\x08")
    assert (len(challenge), sw) == (8, OK)
    return challenge


def test_a_recorded_signature_serves_no_second_time_in_its_session() -> None:
    desk = _ready(desk_at())
    signature = desk.sign(TERMINAL, _challenge(desk))
    assert desk.host.send("00820000", signature)[1] == OK
    assert desk.host.send("00820000", signature)[1] == 0x6985
    assert _is_authenticated(desk)
    _challenge(desk)
    assert desk.host.send("00820000", signature)[1] == 0x6300
    assert not _is_authenticated(desk)


def test_a_recorded_signature_serves_no_other_session_even_with_the_same_keys() -> None:
    card = in_range(card_with_trust_point())
    first = _ready(Desk(chip_authenticate(card, CHIP_POINT)))
    recorded = first.sign(TERMINAL, _challenge(first))
    assert first.host.send("00820000", recorded)[1] == OK
    card.reset()
    second = _ready(Desk(chip_authenticate(card, CHIP_POINT)))
    _challenge(second)
    assert second.host.send("00820000", recorded)[1] == 0x6300


def test_a_new_challenge_makes_the_one_before_worthless() -> None:
    desk = _ready(desk_at())
    old = _challenge(desk)
    _challenge(desk)
    assert desk.host.send("00820000", desk.sign(TERMINAL, old))[1] == 0x6300


def test_a_challenge_is_spent_by_a_wrong_signature_too() -> None:
    desk = _ready(desk_at())
    challenge = _challenge(desk)
    assert desk.host.send("00820000", bytes(64))[1] == 0x6300
    assert desk.host.send("00820000", desk.sign(TERMINAL, challenge))[1] == 0x6985


def test_a_signature_made_for_one_card_does_not_serve_at_another() -> None:
    """The relay of a signature: same challenge, same keys of the terminal, another chip key."""
    other = personalized(Content(cvca=trust_point()), chip_key=11)
    queued = bytes(8)
    here, there = (
        SoftwareCard(card.memory, entropy=Drawn(queued), clock=CountedClock())
        for card in (card_with_trust_point(), other)
    )
    elsewhere = bytes.fromhex(other.memory.cells()["file:FOMS_ROOT/010E"].hex()[-130:])
    desk = _ready(Desk(chip_authenticate(here, CHIP_POINT)))
    signature = desk.sign(TERMINAL, _challenge(desk))
    victim = _ready(Desk(chip_authenticate(there, elsewhere)))
    assert _challenge(victim) == queued
    assert victim.host.send("00820000", signature)[1] == 0x6300


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, 0), (0, 1), (1, 0), (ORDER, 1), (1, ORDER), (ORDER, ORDER), (2**256 - 1, 2**256 - 1)],
)
def test_signatures_out_of_range_prove_nothing(r: int, s: int) -> None:
    desk = _ready(desk_at())
    _challenge(desk)
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert desk.host.send("00820000", signature)[1] == 0x6300


def test_a_terminal_signs_for_itself_and_not_with_its_dvs_key() -> None:
    desk = _ready(desk_at())
    signature = desk.sign(replace(TERMINAL, scalar=DV.scalar), _challenge(desk))
    assert desk.host.send("00820000", signature)[1] == 0x6300


def test_id_picc_is_of_the_pace_run_under_which_the_chip_was_authenticated_and_no_earlier() -> None:
    card = in_range(card_with_trust_point())
    earlier = PaceHost(card)
    earlier.run()
    card.reset()
    pace = PaceHost(card, ephemeral_scalar=4242)
    desk = Desk(chip_authenticate(card, CHIP_POINT, through=pace.run()))
    for id_picc, sw in (
        (earlier.card_ephemeral[1:33], 0x6300),
        (CHIP_POINT[1:33], 0x6300),
        (pace.card_ephemeral[1:33], OK),
    ):
        desk.id_picc = id_picc
        assert _ready(desk).prove() == sw


DATED: dict[str, Attempt] = {
    "DV": (lambda desk: desk, CVCA, certificate(DV, CVCA, effective="260601")),
    "terminal": (_with_dv, DV, certificate(TERMINAL, DV, effective="260601")),
    "link": (lambda desk: desk, CVCA, certificate(CVCA_2, CVCA, effective="260601")),
}
JUNE = bytes(map(int, "260601"))


@pytest.mark.parametrize("kind", DATED)
def test_the_date_is_stored_before_the_card_answers_for_the_certificate(kind: str) -> None:
    """Power is cut at every write of the command: no answer goes out under the old date."""
    prepare, issuer, content = DATED[kind]
    writes = 0
    while True:
        desk = prepare(desk_at(copy_of(card_with_trust_point())))
        card = desk.host.card
        assert desk.set_dst(issuer.name) == OK
        writes += 1
        card.memory.cut_power_at(card.memory.writes + writes)
        try:
            sw = desk.verify(content)
        except PowerCut:
            _check_date_after_cut(card.memory.get(image.CARD_DATE), writes)
            continue
        card.memory.cut_power_at(0)
        break
    assert sw == OK
    assert writes > 1
    assert card.memory.get(image.CARD_DATE) == JUNE


def _check_date_after_cut(date: bytes | None, writes: int) -> None:
    """The date is the old one at the first write and may be new later; never anything else."""
    january = bytes(map(int, "260101"))
    assert date == january if writes == 1 else date in (january, JUNE)


def test_an_old_certificate_is_refused_in_the_next_session_after_the_date_went_on() -> None:
    card = card_with_trust_point()
    _advanced(desk_at(card), "260601")
    assert desk_at(card).load(CVCA, certificate(DV, CVCA, expiry="260531")) == 0x6300


def test_a_certificate_refused_for_its_signature_does_not_move_the_date() -> None:
    desk = desk_at()
    far = certificate(DV, ENEMY_CVCA, effective="981231", expiry="991231")
    before = desk.host.card.memory.get(image.CARD_DATE)
    assert desk.load(CVCA, far) == 0x6300
    assert desk.host.card.memory.get(image.CARD_DATE) == before


def test_a_torn_link_leaves_one_of_the_two_trust_points_and_that_one_works() -> None:
    found = set()
    for write in range(1, 11):
        desk = desk_at(copy_of(card_with_trust_point()))
        memory = desk.host.card.memory
        assert desk.set_dst(CVCA.name) == OK
        memory.cut_power_at(memory.writes + write)
        with pytest.raises(PowerCut):
            desk.verify(certificate(CVCA_2, CVCA))
        fresh = desk_at(SoftwareCard(memory))
        current = CVCA_2 if CVCA_2.name in (memory.get("file:FOMS_ROOT/011C") or b"") else CVCA
        assert fresh.load(current, certificate(DV, current)) == OK
        found.add(current)
    assert found == {CVCA, CVCA_2}
