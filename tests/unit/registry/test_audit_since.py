"""The newest part of a log, verified from a signed head on."""

from dataclasses import replace

import pytest

from cardservice.registry.audit_verifying import AuditFault, VerifiedLog, verify_chain
from tests.unit.registry.test_audit_log import KEYS, REGION, written

SIGNED, COUNT = 4, 9


def verify_part(**changes: object) -> VerifiedLog:
    """Verify the entries after the signed one, each changed as told by its number."""
    log = written(COUNT, heads_after=(SIGNED,))
    (head,) = log.store.heads(REGION)
    entries = [one for one in log.store.entries(REGION) if one.number > SIGNED]
    if "head_hash" in changes:
        head = replace(head, hash=bytes(32))
    kept = entries[int(str(changes.get("skip", 0))) :]
    return verify_chain(kept, (), KEYS, region=REGION, since=head)


def test_the_entries_after_a_signed_head_prove_what_they_are() -> None:
    found = verify_part()
    assert (found.entries, found.signed) == (COUNT, SIGNED)


def test_a_head_that_was_changed_is_forged() -> None:
    with pytest.raises(AuditFault) as fault:
        verify_part(head_hash=bytes(32))
    assert fault.value.code == "audit-head-forged"


def test_an_entry_missing_right_after_the_head_is_a_gap() -> None:
    with pytest.raises(AuditFault) as fault:
        verify_part(skip=1)
    assert (fault.value.code, fault.value.number) == ("audit-gap", SIGNED + 1)


def test_entries_that_do_not_follow_the_heads_entry_are_forked() -> None:
    log, other = written(COUNT, heads_after=(SIGNED,)), written(COUNT)
    (head,) = log.store.heads(REGION)
    other_entries = list(other.store.entries(REGION))
    foreign = replace(other_entries[SIGNED], previous_hash=bytes(32))
    with pytest.raises(AuditFault) as fault:
        verify_chain([foreign], (), KEYS, region=REGION, since=head)
    assert fault.value.number == SIGNED + 1
