"""Lines: the figures they were calibrated to, and the blocks an APDU goes in."""

import pytest

from simulators.models import Line, line, load_lines

US = 1000


@pytest.mark.parametrize(
    ("name", "octet_us"),
    [
        ("contact-129k", 85),
        ("contact-250k", 44),
        ("contactless-106k", 85),
        ("contactless-848k", 11),
    ],
)
def test_an_octet_takes_what_was_measured(name: str, octet_us: int) -> None:
    assert round(line(name).octet_ns / US) == octet_us


def test_an_octet_at_the_fields_own_rate_takes_eleven_bits_of_51600_a_second() -> None:
    assert line("contact-field").octet_ns / US == pytest.approx(11 / 51.613 * US, rel=1e-4)


def test_a_photo_of_20_kilobytes_takes_what_was_measured_with_little_around_it() -> None:
    fetching = sum(line("contact-129k").exchange_ns(5, 256) for _ in range(80))
    assert 1.75 <= fetching / 1e9 <= 1.95


def test_each_rate_of_a_kind_halves_the_time_of_an_octet() -> None:
    octets = [line(f"contactless-{rate}").octet_ns for rate in ("106k", "212k", "424k", "848k")]
    assert octets == sorted(octets, reverse=True)
    assert octets[0] / octets[3] == pytest.approx(8)


def _plain_line(**changes: float) -> Line:
    usual = {
        "octet_ns": 10.0,
        "block_octets": 254,
        "around_block_octets": 4,
        "frame_ns": 0.0,
        "turn_ns": 0.0,
    }
    template = line("contact-129k")
    members = {**usual, **changes}
    return Line(
        name="a line",
        interface=template.interface,
        atr=template.atr,
        octet_ns=members["octet_ns"],
        block_octets=int(members["block_octets"]),
        around_block_octets=int(members["around_block_octets"]),
        frame_ns=members["frame_ns"],
        turn_ns=members["turn_ns"],
        activation_ns=0,
    )


@pytest.mark.parametrize(
    ("sent", "received", "octets"),
    [
        (5, 2, 7 + 2 * 4),
        (254, 254, 508 + 2 * 4),
        # One more: a second block, and the acknowledgement of the first.
        (255, 2, 257 + 4 * 4),
        (5, 258, 263 + 4 * 4),
        (5, 2002, 2007 + 16 * 4),
    ],
)
def test_an_apdu_goes_in_blocks_each_acknowledged_but_the_last(
    sent: int, received: int, octets: int
) -> None:
    assert _plain_line().exchange_ns(sent, received) == 10 * octets


def test_the_line_turns_between_blocks_and_not_before_the_first() -> None:
    turning = _plain_line(octet_ns=0.0, turn_ns=100.0)
    assert turning.exchange_ns(5, 2) == 100
    assert turning.exchange_ns(5, 258) == 300


def test_each_block_has_its_start_and_end() -> None:
    framed = _plain_line(octet_ns=0.0, frame_ns=7.0)
    assert framed.exchange_ns(5, 2) == 14


def test_no_answer_still_takes_a_block() -> None:
    assert _plain_line().exchange_ns(5, 0) == _plain_line().exchange_ns(4, 1)


def test_every_rate_of_the_contract_is_there() -> None:
    contact = {f"contact-{rate}" for rate in ("field", "13k", "129k", "250k")}
    contactless = {f"contactless-{rate}" for rate in ("106k", "212k", "424k", "848k")}
    assert set(load_lines()) == contact | contactless
