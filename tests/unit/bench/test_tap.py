"""The modelled tap: what it is made of, and the bound it is held against."""

from collections.abc import Callable, Iterator

import pytest

from bench.figures import QUICK
from bench.tap import CAN_MEDIAN, CONTACT_250K, ENROLLED_MEDIAN, Scene, contact_field
from bench.tap_bound import bound_ms, file_octets
from bench.tap_desk import PHOTO, Stage, stage
from bench.tap_taking import Examine, Tap, tap
from cardservice.domain.verdict import ProtocolName
from simulators.card import Operation

Lend = Callable[[Scene], Tap]


@pytest.fixture(scope="module")
def lent() -> Iterator[Stage]:
    with stage() as made:
        yield made


def _way(lent: Stage, scene: Scene) -> Examine:
    return {
        ENROLLED_MEDIAN: lent.enrolled.examine_with_reading,
        CAN_MEDIAN: lambda link: lent.plain.examine_with_reading(link, can=lent.can),
        CONTACT_250K: lent.plain.examine_with_reading,
    }[scene]


def _tap(lent: Stage, scene: Scene) -> Tap:
    return tap(lent.card, scene.times, _way(lent, scene))


@pytest.mark.parametrize(
    ("scene", "ran"),
    [
        (ENROLLED_MEDIAN, {ProtocolName.CHIP_AUTHENTICATION, ProtocolName.TERMINAL_AUTHENTICATION}),
        (CAN_MEDIAN, {ProtocolName.PACE, ProtocolName.CHIP_AUTHENTICATION}),
        (CONTACT_250K, {ProtocolName.CHIP_AUTHENTICATION}),
    ],
    ids=lambda value: value.name if isinstance(value, Scene) else "",
)
def test_a_scene_runs_the_protocols_it_is_about(
    lent: Stage, scene: Scene, ran: set[ProtocolName]
) -> None:
    assert _tap(lent, scene).reading.ran == ran


@pytest.mark.parametrize(
    ("scene", "operations"),
    [
        (ENROLLED_MEDIAN, {Operation.ECDH: 1, Operation.VERIFY: 3}),
        (CAN_MEDIAN, {Operation.KEY_PAIR: 2, Operation.ECDH: 3, Operation.MAPPING: 1}),
        (CONTACT_250K, {Operation.ECDH: 1}),
    ],
    ids=lambda value: value.name if isinstance(value, Scene) else "",
)
def test_the_chip_does_no_public_key_operation_more_than_the_protocols_ask_for(
    lent: Stage, scene: Scene, operations: dict[Operation, int]
) -> None:
    others = {Operation.SELECT, Operation.SYMMETRIC, Operation.MEMORY_WRITE}
    done = _tap(lent, scene).operations
    assert {one: count for one, count in done.items() if one not in others} == operations


def test_all_but_the_host_is_the_same_in_every_tap_of_one_card(lent: Stage) -> None:
    assert _tap(lent, CONTACT_250K).modelled == _tap(lent, CONTACT_250K).modelled


def test_the_bound_is_below_the_tap_and_grows_with_the_octets_that_must_cross(lent: Stage) -> None:
    taken, times = _tap(lent, CONTACT_250K), CONTACT_250K.times
    bound = bound_ms(taken, times, protocol_octets=0)
    assert bound < taken.total_ms
    thousand_ms = 1000 * times.line.octet_ns / 1_000_000
    assert bound_ms(taken, times, protocol_octets=1000) == pytest.approx(bound + thousand_ms)


def test_the_photo_need_not_cross_and_the_rest_must(lent: Stage) -> None:
    reading = _tap(lent, CONTACT_250K).reading
    files = reading.files
    others = (
        reading.security_object,
        files.chip_security,
        files.card_id,
        files.iccid,
        files.insurer,
    )
    owner_octets = file_octets(reading) - sum(len(content or b"") for content in others)
    photo_header = bytes.fromhex("7F4082")
    assert (files.owner or b"")[:owner_octets].endswith(photo_header, 0, owner_octets - 2)
    assert file_octets(reading) < len(PHOTO.image)


def test_the_parts_of_a_tap_add_up_to_its_figure(lent: Stage) -> None:
    taken = _tap(lent, CONTACT_250K)
    split = taken.modelled
    modelled_ns = split.chip_ns + split.line_ns + split.reader_ns
    assert taken.total_ms == pytest.approx(modelled_ns / 1_000_000 + taken.host_ms)
    per_command = sum(command.time.total_ns for command in taken.commands)
    assert split.total_ns == taken.waking_ns + per_command


def test_a_card_that_is_not_judged_valid_gives_no_figure(lent: Stage) -> None:
    with pytest.raises(AssertionError, match="not judged valid"):
        tap(lent.card, ENROLLED_MEDIAN.times, lent.plain.examine_with_reading)


def test_the_note_says_split_counts_and_target() -> None:
    note = contact_field(QUICK).note or ""
    for word in ("chip ", "line ", "reader ", "host ", "commands", "sent", "target 700 ms"):
        assert word in note
