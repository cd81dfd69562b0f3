from pathlib import Path
from typing import Any

import pytest

from cardservice.errors import UsageError
from cardservice.personalization.printing import FaceJob, LaneStopError
from cardservice.printing.cups import CupsPrinter, CupsQueue, find_commands
from tests.unit.personalization.made_cards import CHIP
from tests.unit.printing.fake_cups import JOB, LISTED, OTHERS, FakeCups, printer_of

FACE = FaceJob(chip_serial=CHIP, document=b"%PDF-1.7 a face")


def _code(printer: CupsPrinter) -> str:
    with pytest.raises(LaneStopError) as caught:
        printer.print_face(FACE)
    return caught.value.code


def test_a_face_is_printed_through_a_pipe_and_named_after_its_chip(cups: FakeCups) -> None:
    assert printer_of(cups).print_face(FACE) == JOB
    assert cups.document == FACE.document
    assert cups.calls("lp") == [
        "lp -h localhost -d cards -t 0102030405060708 -o job-cancel-after=10 -o media=CR80"
    ]
    assert cups.calls("cancel") == []


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("lpstat-a", "cards not accepting requests since Sun Nov 22 2026 -\n\tpaused\n"),
        ("lpstat-a", ""),
        ("lpstat-p", "printer cards disabled since Sun Nov 22 2026 -\n\tno ribbon\n"),
    ],
)
def test_a_queue_that_takes_no_jobs_is_given_none(cups: FakeCups, topic: str, text: str) -> None:
    cups.answers(topic, text)
    assert _code(printer_of(cups)) == "printer-not-ready"
    assert cups.calls("lp") == []


@pytest.mark.parametrize("topic", ["lp", "lpstat-a", "lpstatnot-completed", "lpstatcompleted"])
def test_a_service_that_does_not_answer_stops_the_lane(cups: FakeCups, topic: str) -> None:
    cups.answers(topic, None)
    assert _code(printer_of(cups)) == "print-failed"


@pytest.mark.parametrize(
    "said", ["", "request id is other-3 (0 file(s))\n", "request id is --all-1 (1 file(s))\n"]
)
def test_a_job_without_a_name_of_the_queue_counts_as_failed(cups: FakeCups, said: str) -> None:
    cups.answers("lp", said)
    assert _code(printer_of(cups)) == "print-failed"


@pytest.mark.parametrize(
    "report",
    [
        "",
        OTHERS,
        LISTED.format("", "aborted-by-system"),
        LISTED.format("", "job-canceled-by-user"),
        LISTED.format("", "job-completed-with-errors") + OTHERS,
    ],
)
def test_only_a_job_that_ended_well_counts_as_printed(cups: FakeCups, report: str) -> None:
    cups.answers("lpstatcompleted", report)
    assert _code(printer_of(cups)) == "print-failed"


@pytest.mark.parametrize("cancel", ["", None])
def test_a_job_that_does_not_end_is_cancelled(cups: FakeCups, cancel: str | None) -> None:
    cups.answers("lpstatnot-completed", LISTED.format("waiting", "none"))
    cups.answers("cancel", cancel)
    assert _code(printer_of(cups)) == "print-timed-out"
    assert cups.calls("cancel") == [f"cancel -h localhost -x {JOB}"]


def test_a_command_that_hangs_is_ended(cups: FakeCups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardservice.printing.cups.COMMAND_S", 0.2)
    hanging = Path(cups.commands.lpstat)
    hanging.write_text("#!/bin/sh\nexec sleep 30\n")
    assert _code(printer_of(cups)) == "print-failed"


@pytest.mark.parametrize("missing", ["lp", "lpstat", "cancel"])
def test_without_all_of_its_commands_there_is_no_print_service(
    cups: FakeCups, missing: str
) -> None:
    folder = cups.folder / "bin"
    assert find_commands(str(folder)) is not None
    (folder / missing).unlink()
    assert find_commands(str(folder)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "-o"},
        {"name": ""},
        {"name": "a b"},
        {"name": "a/b"},
        {"options": ("media",)},
        {"options": ("-x=1",)},
        {"options": ("media=a b",)},
        {"server": "-x"},
        {"server": ""},
    ],
)
def test_a_name_that_would_be_read_as_something_else_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        CupsQueue(**{"name": "cards", **wrong})
