"""MSE and GENERAL AUTHENTICATE for PACE, and the price of guessing the CAN.

Source: ICAO 9303-11 4.4, TR-03110-3 B.1 and B.11; card.md §4 and §5.
"""

from simulators.card import image
from simulators.card.access import RIGHTS_OF_PACE
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.files import EF_CARD_ACCESS
from simulators.card.key_agreement import KdfCounter, channel_from, derive_aes_128
from simulators.card.pace_run import ID_PACE_ECDH_GM_AES_128, PaceRun, PaceTag
from simulators.card.protocol_objects import (
    MseTag,
    is_chained,
    parse_dynamic_data,
    parse_mse,
)
from simulators.card.status import OK, SW, CommandRefusedError

_REFERENCE_CAN = b"\x02"
_PARAMETER_P256 = b"\x0c"
_MSE_OBJECTS = frozenset(MseTag)
_FREE_FAILURES = 5
_WAIT_MAX = 64
_FAILURES_MAX = 255


def set_pace(chip: Chip, command: Command) -> bytes:
    """Choose PACE with the CAN, on a card that has EF.CardAccess and no session."""
    if chip.session.channel is not None or chip.image.content(EF_CARD_ACCESS) is None:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    objects = parse_mse(command, _MSE_OBJECTS)
    parameter = objects.get(MseTag.PARAMETER, _PARAMETER_P256)
    known = objects.get(MseTag.OID) == ID_PACE_ECDH_GM_AES_128 and parameter == _PARAMETER_P256
    if not known or MseTag.REFERENCE not in objects:
        raise CommandRefusedError(SW.WRONG_DATA)
    if objects[MseTag.REFERENCE] != _REFERENCE_CAN:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    password_key = derive_aes_128(chip.image.require(image.CAN), KdfCounter.PASSWORD)
    chip.session.pending = PaceRun(
        password_key=password_key, entropy=chip.entropy, meter=chip.meter
    )
    return OK


def continue_pace(chip: Chip, command: Command, run: PaceRun) -> bytes:
    """Answer one step; the run goes on with the next command or ends here."""
    last = run.is_last_step
    if is_chained(command) == last:
        raise CommandRefusedError(SW.LAST_COMMAND_OF_CHAIN_EXPECTED)
    request = parse_dynamic_data(command.data)
    tag, value = (request.tag, request.value) if request else (PaceTag.NOTHING, b"")
    if tag == PaceTag.NOTHING and run.step == 0:
        _count_failure(chip)
    answer = run.advance(tag, value)
    if last:
        _open_session(chip, run)
    else:
        chip.session.pending = run
    return answer + OK


def _count_failure(chip: Chip) -> None:
    """Take every run as failed before its nonce leaves the card, and slow a guesser down."""
    stored = chip.image.get(image.PACE_FAILURES)
    failures = stored[0] if stored else 0
    if failures >= _FREE_FAILURES:
        chip.clock.wait(min(_WAIT_MAX, 1 << min(failures - _FREE_FAILURES, _WAIT_MAX)))
    counted = bytes((min(failures + 1, _FAILURES_MAX),))
    chip.image.memory.put(image.PACE_FAILURES, counted)


def _open_session(chip: Chip, run: PaceRun) -> None:
    chip.image.memory.put(image.PACE_FAILURES, b"\x00")
    session = chip.session
    session.close_channel()
    session.channel = channel_from(run.secret)
    session.pace_rights = RIGHTS_OF_PACE
    session.pace_ephemeral_x = run.ephemeral_x
