"""Which certificates a card is shown: from a trust point it has, and no more than needed."""

from dataclasses import dataclass

import pytest

from cardservice.channel.terminal_authentication_chain import TerminalChain, choose_chain
from cardservice.channel.terminal_authentication_references import parse_ef_cvca
from cardservice.errors import MalformedDataError, UsageError

C1, C2, C3, C4 = (f"RUOMSCVCA0000{number}".encode() for number in range(1, 5))
DV, DESK = b"RUOMSDV00001", b"RUDESK00001"


@dataclass(frozen=True)
class Shown:
    car: bytes
    chr: bytes
    content: bytes = b"\x7f\x4e"


LINKED = TerminalChain((Shown(C1, C2), Shown(C2, C3), Shown(C3, DV), Shown(DV, DESK)), rights=3)
OLD = TerminalChain((Shown(C1, DV), Shown(DV, DESK)), rights=1)


def padded(*references: bytes) -> bytes:
    objects = b"".join(b"\x42" + bytes((len(one),)) + one for one in references)
    return objects.ljust(36, b"\x00")


def shown(chain: TerminalChain | None) -> list[bytes] | None:
    return None if chain is None else [one.chr for one in chain.certificates]


@pytest.mark.parametrize(
    ("cars", "expected"),
    [
        ((C1,), [C2, C3, DV, DESK]),
        ((C2,), [C3, DV, DESK]),
        ((C2, C1), [C3, DV, DESK]),
        ((C3,), [DV, DESK]),
        ((C3, C2), [DV, DESK]),
        ((C4, C3), [DV, DESK]),
        ((C4, C2), None),
        ((C4,), None),
        ((DV,), None),
        ((), None),
    ],
)
def test_a_card_is_shown_no_more_than_it_needs(
    cars: tuple[bytes, ...], expected: list[bytes] | None
) -> None:
    assert shown(LINKED.starting_at(cars)) == expected


def test_what_is_shown_keeps_its_rights_and_names_its_ends() -> None:
    part = LINKED.starting_at((C2,))
    assert part is not None
    assert (part.rights, part.car, part.holder) == (3, C2, DESK)


def test_the_first_chain_that_fits_is_taken() -> None:
    assert shown(choose_chain((C1,), [LINKED, OLD])) == [C2, C3, DV, DESK]
    assert shown(choose_chain((C1,), [OLD, LINKED])) == [DV, DESK]
    assert shown(choose_chain((C4, C1), [LINKED, OLD])) == [DV, DESK]
    assert choose_chain((C4,), [LINKED, OLD]) is None
    assert choose_chain((C1,), []) is None


@pytest.mark.parametrize(
    "certificates",
    [(), (Shown(DV, DESK),), (Shown(C1, DV), Shown(C2, DESK)), (Shown(DV, DESK), Shown(C1, DV))],
    ids=["none", "terminal alone", "broken", "backwards"],
)
def test_certificates_that_do_not_follow_one_another_are_no_chain(
    certificates: tuple[Shown, ...],
) -> None:
    with pytest.raises(UsageError):
        TerminalChain(certificates, rights=0)


def test_ef_cvca_names_the_current_and_the_previous_trust_point() -> None:
    assert parse_ef_cvca(padded(C2, C1)) == (C2, C1)
    assert parse_ef_cvca(padded(C1)) == (C1,)
    assert parse_ef_cvca(padded(C1).rstrip(b"\x00")) == (C1,)
    longest = b"RUMNEMONIC900001"
    assert parse_ef_cvca(padded(longest, longest)) == (longest, longest)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(36),
        b"\x00" + padded(C1)[:35],
        padded(C1) + b"\x00",
        padded(C1)[:16] + b"\x00" + b"\x42\x0e" + C2,
        b"\x43" + padded(C1)[1:],
        padded(C1)[:15],
        padded(b"RU00001"),
        padded(b"RUMNEMONIC1000001"),
        padded(b"RUABCD01", b"RUABCD02", b"RUABCD03"),
        padded(C1).rstrip(b"\x00") + b"\x01",
    ],
    ids=[
        "empty",
        "zeros",
        "a zero before",
        "37 octets",
        "a zero between",
        "another tag",
        "cut off",
        "reference too short",
        "reference too long",
        "three references",
        "not only zeros after",
    ],
)
def test_another_content_of_ef_cvca_is_malformed(content: bytes) -> None:
    with pytest.raises(MalformedDataError):
        parse_ef_cvca(content)
