from dataclasses import replace

import pytest

from cardservice.transport.doctor import FOREIGN_PREFIX, READER_LIMIT, Finding, diagnose
from cardservice.transport.pcsc.codes import ScardCode
from cardservice.transport.probe import Facts, SocketState, ask_service
from tests.unit.transport.pcsc.fake_scard import FakeReader, FakeScard

WELL = Facts(
    pyscard=True,
    pcscd=True,
    socket=SocketState.OPEN,
    forbidden=False,
    usb_driver=True,
    virtual_driver=True,
    virtual_entry=False,
    virtual_port_taken=False,
    readers=("Desk",),
)
DOWN = replace(WELL, socket=SocketState.MISSING, readers=None)


def faults(facts: Facts) -> list[Finding]:
    return [finding for finding in diagnose(facts) if not finding.ok]


def test_a_machine_where_all_is_well_has_no_fault_and_names_its_readers() -> None:
    assert faults(WELL) == []
    assert {finding.code for finding in diagnose(WELL)} == {
        "pyscard",
        "service",
        "permission",
        "usb-driver",
        "virtual-driver",
        "readers",
    }
    assert "Desk" in diagnose(WELL)[-1].sentence


@pytest.mark.parametrize(
    ("facts", "code", "remedy"),
    [
        (replace(WELL, pyscard=False, readers=None), "pyscard", "swig"),
        (replace(DOWN, pcscd=False), "service", "Install the package pcscd"),
        (DOWN, "service", "systemctl start"),
        (replace(DOWN, socket=SocketState.STALE), "service", "systemctl start"),
        (
            replace(WELL, socket=SocketState.FORBIDDEN, forbidden=True, readers=None),
            "permission",
            "polkit",
        ),
        (replace(WELL, forbidden=True, readers=None), "permission", "polkit"),
        (replace(WELL, usb_driver=False), "usb-driver", "libccid"),
        (replace(WELL, virtual_driver=False), "virtual-driver", "vsmartcard-vpcd"),
        (replace(WELL, readers=()), "readers", "Plug one in"),
        (
            replace(WELL, readers=tuple(f"Desk {n}" for n in range(READER_LIMIT))),
            "reader-limit",
            "Remove",
        ),
        (
            replace(WELL, readers=("Desk", f"{FOREIGN_PREFIX} 00 00")),
            "foreign-readers",
            "/etc/reader.conf.d/vpcd",
        ),
        (
            replace(WELL, virtual_entry=True, virtual_port_taken=True),
            "virtual-ports",
            "End that program",
        ),
    ],
)
def test_each_fault_is_found_alone_with_its_remedy(facts: Facts, code: str, remedy: str) -> None:
    (fault,) = faults(facts)
    assert fault.code == code
    assert remedy in fault.remedy


def test_a_service_that_crashed_is_told_from_one_that_never_ran() -> None:
    (stale,) = faults(replace(DOWN, socket=SocketState.STALE))
    assert "crashed" in stale.sentence


def test_the_port_of_a_virtual_reader_that_works_is_no_fault() -> None:
    name = f"{FOREIGN_PREFIX} 00 00"
    facts = replace(WELL, readers=(name,), virtual_entry=True, virtual_port_taken=True)
    assert [fault.code for fault in faults(facts)] == ["foreign-readers"]


def test_fifteen_readers_are_below_the_limit() -> None:
    assert faults(replace(WELL, readers=("Desk",) * (READER_LIMIT - 1))) == []


@pytest.mark.parametrize(
    ("scard", "answer"),
    [
        (FakeScard(readers={"A": FakeReader()}), (False, ("A",))),
        (FakeScard(), (False, ())),
        (FakeScard(running=False), (False, None)),
        (FakeScard(codes={"establish": ScardCode.SECURITY_VIOLATION}), (True, None)),
        (
            FakeScard(readers={"A": FakeReader()}, codes={"list": ScardCode.COMM_ERROR}),
            (False, None),
        ),
    ],
    ids=["readers", "none", "down", "turned away", "lost meanwhile"],
)
def test_the_service_s_answer_is_a_fact_never_an_error(
    scard: FakeScard, answer: tuple[bool, tuple[str, ...] | None]
) -> None:
    assert ask_service(scard) == answer
