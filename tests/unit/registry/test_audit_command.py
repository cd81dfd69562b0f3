"""``cardservice audit``: what a person sees of a log, whole and tampered with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.audit import AuditAccess, audit_group
from cardservice.errors import MalformedDataError
from cardservice.registry.audit import AuditLog
from cardservice.registry.audit_lines import head_from_line, head_to_line
from cardservice.registry.audit_memory import InsecureMemoryAuditStore
from tests.unit.registry.test_audit_log import KEY, KEYS, REGION, rows, written


def run(log: AuditLog, *arguments: str) -> Result:
    @contextmanager
    def access() -> Iterator[AuditAccess]:
        yield AuditAccess(log, KEYS, lambda: ("audit", KEY))

    return CliRunner().invoke(audit_group(access), [*arguments, "--region", REGION])


def cut(log: AuditLog, entries: int) -> AuditLog:
    store = InsecureMemoryAuditStore(production=False)
    for entry in rows(log)[:entries]:
        store.append(entry)
    return AuditLog(store, log.clock)


def test_a_whole_log_is_said_to_be_whole() -> None:
    result = run(written(3, heads_after=(2,)), "verify")
    assert result.exit_code == 0
    assert result.output == "3 entries, whole; signed up to entry 2\n"


def test_a_fault_names_its_entry_and_makes_the_exit_status_one() -> None:
    log = written(3)
    store = InsecureMemoryAuditStore(production=False)
    for entry in rows(log):
        store.append(replace(entry, previous_hash=bytes(32)))
    result = run(AuditLog(store, log.clock), "verify")
    assert (result.exit_code, result.output.split(":")[:2]) == (1, ["entry 2", " audit-edited"])


def test_a_head_kept_elsewhere_finds_a_log_cut_off_with_its_heads(tmp_path: Path) -> None:
    log = written(4)
    kept = tmp_path / "heads"
    kept.write_text(run(log, "head").output)
    shorter = cut(log, 3)
    assert run(shorter, "verify").exit_code == 0
    result = run(shorter, "verify", "--heads", str(kept))
    assert result.exit_code == 1
    assert "audit-truncated" in result.output


def test_the_head_is_signed_only_when_there_is_something_new() -> None:
    log = written(2)
    first, second = run(log, "head").output, run(log, "head").output
    assert first == second
    assert len(log.store.heads(REGION)) == 1


def test_an_empty_log_has_no_head() -> None:
    assert run(written(0), "head").exit_code == 2


def test_show_prints_from_a_number_and_about_a_subject() -> None:
    output = run(written(3), "show", "--from", "2").output
    assert [line.split()[0] for line in output.splitlines()] == ["2", "3"]
    assert "clerk-7 (clerk)  application.approve" in output
    assert run(written(3), "show", "--subject", "other").output == ""


def test_a_head_survives_its_line() -> None:
    head = written(1, heads_after=(1,)).store.heads(REGION)[0]
    assert head_from_line(head_to_line(head)) == head


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "null", "7", "[" * 1000, '"x"', "{" + " " * 2000 + "}"]
    + [
        json.dumps({**dict.fromkeys(("at", "hash", "key", "region", "signature"), ""), "number": n})
        for n in (True, "1", None, 1)
    ],
)
def test_a_line_that_is_no_head_is_refused(line: str) -> None:
    with pytest.raises(MalformedDataError):
        head_from_line(line)
