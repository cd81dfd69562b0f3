"""The audit log: what goes in, how it is linked, and every way of tampering with it."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from cardservice.errors import Refusal, UsageError
from cardservice.keystores.software_keys import EcdsaP256Key, generate_key
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.registry.audit import HEAD_EVERY, AuditLog
from cardservice.registry.audit_coding import entry_octets, hash_of
from cardservice.registry.audit_memory import InsecureMemoryAuditStore
from cardservice.registry.audit_values import (
    FIRST_PREVIOUS,
    AuditEntry,
    AuditFact,
    AuditHead,
)
from cardservice.registry.audit_verifying import AuditFault, VerifiedLog, verify_chain

REGION = "00001"
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = generate_key(ECDSA_P256_SHA256)
KEYS = {"audit": KEY.public_key}


def fact(**changes: Any) -> AuditFact:
    given: dict[str, Any] = {
        "region": REGION,
        "actor": "clerk-7",
        "role": "clerk",
        "action": "application.approve",
        "subject_kind": "application",
        "subject_id": "018f5f3c-1234-7abc-8def-0123456789ab",
        "ground": "rule.documents-complete",
    }
    return AuditFact(**{**given, **changes})


def new_log() -> AuditLog:
    ticks = count()
    return AuditLog(
        InsecureMemoryAuditStore(production=False), lambda: START + timedelta(seconds=next(ticks))
    )


def written(entries: int, *, heads_after: tuple[int, ...] = ()) -> AuditLog:
    log = new_log()
    for number in range(1, entries + 1):
        log.record(fact(details={"fields": f"surname,f{number}"}))
        if number in heads_after:
            log.sign_head(REGION, key_name="audit", key=KEY)
    return log


def rows(log: AuditLog) -> list[AuditEntry]:
    return list(log.store.entries(REGION))


def verified(entries: list[AuditEntry], heads: Any = ()) -> VerifiedLog:
    return verify_chain(entries, tuple(heads), KEYS, region=REGION)


def fault(entries: list[AuditEntry], heads: Any = ()) -> tuple[str, int]:
    with pytest.raises(AuditFault) as found:
        verified(entries, heads)
    return found.value.code, found.value.number


def relinked(entries: list[AuditEntry]) -> list[AuditEntry]:
    """Return the entries as a forger with the database, but without the key, writes them."""
    made: list[AuditEntry] = []
    for number, entry in enumerate(entries, 1):
        previous = made[-1].hash if made else FIRST_PREVIOUS
        bare = replace(entry, number=number, previous_hash=previous)
        made.append(replace(bare, hash=hash_of(bare)))
    return made


def test_a_log_as_written_is_whole_and_says_how_far_it_is_signed() -> None:
    log = written(5, heads_after=(3,))
    found = verified(rows(log), log.store.heads(REGION))
    assert (found.entries, found.signed, found.last_hash) == (5, 3, rows(log)[-1].hash)


def test_an_empty_log_is_whole_and_proves_nothing() -> None:
    assert verified([]) == VerifiedLog(entries=0, last_hash=FIRST_PREVIOUS, signed=0)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "clerk-8"},
        {"role": "approver"},
        {"action": "application.refuse"},
        {"subject_kind": "person"},
        {"subject_id": "other"},
        {"ground": "rule.other"},
        {"details": {"fields": "birth_date"}},
        {"details": {}},
        {"region": "00002"},
    ],
)
def test_an_edit_of_any_member_is_found_at_its_entry(change: dict[str, Any]) -> None:
    entries = rows(written(4))
    given = {name: getattr(entries[1].fact, name) for name in AuditFact.__slots__}
    entries[1] = replace(entries[1], fact=AuditFact(**{**given, **change}))
    assert fault(entries) == ("audit-edited", 2)


def test_an_edited_time_is_found_at_its_entry() -> None:
    entries = rows(written(3))
    entries[2] = replace(entries[2], at=entries[2].at + timedelta(microseconds=1))
    assert fault(entries) == ("audit-edited", 3)


def test_an_edit_with_its_own_hash_mended_is_found_at_the_next_entry() -> None:
    entries = rows(written(3))
    forged = replace(entries[0], fact=fact(actor="clerk-9"))
    entries[0] = replace(forged, hash=hash_of(forged))
    assert fault(entries) == ("audit-forked", 2)


def test_an_entry_taken_out_is_found_where_it_stood() -> None:
    entries = rows(written(4))
    assert fault(entries[:1] + entries[2:]) == ("audit-gap", 2)
    assert fault(entries[1:]) == ("audit-gap", 1)


def test_entries_that_changed_places_are_found() -> None:
    one, two, three = rows(written(3))
    assert fault([one, three, two]) == ("audit-gap", 2)
    assert fault([one, two, one, three]) == ("audit-order", 3)


def test_a_log_cut_before_a_signed_head_is_found_and_after_it_is_not_signed() -> None:
    log = written(5, heads_after=(4,))
    heads = log.store.heads(REGION)
    assert fault(rows(log)[:3], heads) == ("audit-truncated", 4)
    assert verified(rows(log)[:4], heads).signed == 4


def test_a_log_rewritten_from_the_start_is_found_at_the_first_signed_entry() -> None:
    log = written(5, heads_after=(2, 4))
    entries = rows(log)
    entries[0] = replace(entries[0], fact=fact(actor="clerk-9"))
    assert fault(relinked(entries), log.store.heads(REGION)) == ("audit-forked", 2)


def test_two_signed_heads_for_different_entries_of_one_number_are_a_fork() -> None:
    one, other = written(2, heads_after=(2,)), written(2)
    other.store.append(_next_of(other, actor="clerk-9"))
    changed = relinked([*rows(other)[:1], rows(other)[2]])
    forked = InsecureMemoryAuditStore(production=False)
    for entry in changed:
        forked.append(entry)
    AuditLog(forked, one.clock).sign_head(REGION, key_name="audit", key=KEY)
    heads = (*one.store.heads(REGION), *forked.heads(REGION))
    assert fault(rows(one), heads) == ("audit-forked", 2)


def _next_of(log: AuditLog, **changes: Any) -> AuditEntry:
    probe = new_log()
    made = probe.record(fact(**changes))
    last = rows(log)[-1]
    bare = replace(made, number=last.number + 1, previous_hash=last.hash)
    return replace(bare, hash=hash_of(bare))


def forged_heads() -> dict[str, AuditHead]:
    head = written(2, heads_after=(2,)).store.heads(REGION)[0]
    return {
        "signature": replace(head, signature=head.signature[:-1] + b"\0"),
        "no signature": replace(head, signature=b""),
        "hash": replace(head, hash=bytes(32)),
        "number": replace(head, number=1),
        "time": replace(head, at=head.at + timedelta(hours=1)),
        "region": replace(head, region="00002"),
        "key": replace(head, key="other"),
        "negative": replace(head, number=-1),
        "no time": replace(head, at=cast("datetime", None)),
        "text": replace(head, hash=cast("bytes", "text")),
    }


@pytest.mark.parametrize("kind", forged_heads())
def test_a_head_that_the_key_did_not_sign_is_no_head(kind: str) -> None:
    entries = rows(written(2))
    assert fault(entries, [forged_heads()[kind]])[0] == "audit-head-forged"


def test_a_head_signed_by_another_key_under_our_keys_name_is_no_head() -> None:
    log = written(2)
    foreign: EcdsaP256Key = generate_key(ECDSA_P256_SHA256)
    log.sign_head(REGION, key_name="audit", key=foreign)
    assert fault(rows(log), log.store.heads(REGION)) == ("audit-head-forged", 2)


hostile = st.one_of(
    st.none(), st.integers(), st.text(max_size=3), st.binary(max_size=40), st.datetimes()
)


@given(number=hostile, at=hostile, inner=hostile, previous=hostile, digest=hostile)
def test_any_entry_at_all_is_a_value_or_a_fault(
    number: Any, at: Any, inner: Any, previous: Any, digest: Any
) -> None:
    thing = AuditEntry(number=number, at=at, fact=inner, previous_hash=previous, hash=digest)
    with pytest.raises(AuditFault):
        verified([thing])


@given(number=hostile, at=hostile, key=hostile, signature=hostile, digest=hostile)
def test_any_head_at_all_is_a_value_or_a_fault(
    number: Any, at: Any, key: Any, signature: Any, digest: Any
) -> None:
    bare = {"region": REGION, "number": number, "hash": digest, "at": at, "key": key}
    with pytest.raises(AuditFault):
        verified([], [AuditHead(**bare, signature=signature)])


def test_an_object_that_is_no_fact_at_all_is_an_edit() -> None:
    (one,) = rows(written(1))
    empty = SimpleNamespace(region=REGION)
    assert fault([replace(one, fact=cast("AuditFact", empty))]) == ("audit-edited", 1)


def test_no_member_runs_over_into_its_neighbour() -> None:
    one = entry_octets(1, START, fact(actor="ab", role="c"), FIRST_PREVIOUS)
    other = entry_octets(1, START, fact(actor="a", role="bc"), FIRST_PREVIOUS)
    assert one != other


def test_the_canonical_octets_are_those_of_the_docs() -> None:
    given = AuditFact(
        region="00001", actor="a", role="r", action="x", subject_kind="k", subject_id="1",
        ground="g", details={"b": "2", "a": "1"},
    )  # fmt: skip
    texts = [
        "policy-card-audit-entry/1", "00001", "7", "2026-11-22T12:00:00.000000Z", "a", "r", "x",
        "k", "1", "g", "2", "a", "1", "b", "2",
    ]  # fmt: skip
    expected = b"".join(len(one).to_bytes(4) + one.encode() for one in texts)
    assert entry_octets(7, START, given, bytes(32)) == expected + b"\0\0\0\x20" + bytes(32)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "Иванов"},
        {"subject_id": "0058000844000019"},
        {"subject_id": "508-328-107-70"},
        {"ground": "person@example.org"},
        {"details": {"phone": "79000006391"}},
        {"details": {"fields": "1990-01-05"}},
        {"details": {"Имя": "x"}},
        {"details": {"note": "two words"}},
        {"details": {f"n{number}": "1" for number in range(33)}},
        {"region": "1"},
        {"action": "no\nline"},
    ],
)
def test_personal_values_have_no_place_in_an_entry(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        fact(**change)


def test_an_id_of_many_digits_is_taken_as_an_id() -> None:
    assert fact(subject_id="01890000-0000-7000-8000-000000000001").subject_id.startswith("0189")


def test_details_given_cannot_be_changed_afterwards() -> None:
    given = {"fields": "surname"}
    kept = fact(details=given)
    given["fields"] = "sex"
    assert kept.details == {"fields": "surname"}


def test_writers_at_once_have_numbers_of_their_own_and_the_chain_is_whole() -> None:
    log = AuditLog(InsecureMemoryAuditStore(production=False), lambda: START)
    threads = [
        threading.Thread(target=lambda: [log.record(fact()) for _ in range(20)]) for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert verified(rows(log)).entries == 80


def test_a_writer_who_never_gets_a_number_is_told_so() -> None:
    class Busy(InsecureMemoryAuditStore):
        @override
        def append(self, entry: AuditEntry) -> None:
            raise Refusal("stale", "taken")

    with pytest.raises(Refusal) as refusal:
        AuditLog(Busy(production=False), lambda: START).record(fact())
    assert refusal.value.code == "audit-busy"


def test_a_head_is_signed_once_and_due_after_many_entries() -> None:
    log = written(2)
    assert log.sign_head(REGION, key_name="audit", key=KEY) is not None
    assert log.sign_head(REGION, key_name="audit", key=KEY) is None
    assert not log.is_head_due(REGION)
    for _ in range(HEAD_EVERY):
        log.record(fact())
    assert log.is_head_due(REGION)


def test_a_time_without_a_zone_is_not_recorded() -> None:
    log = AuditLog(InsecureMemoryAuditStore(production=False), lambda: datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(UsageError):
        log.record(fact())


def test_the_memory_store_does_not_serve_in_production() -> None:
    with pytest.raises(UsageError):
        InsecureMemoryAuditStore(production=True)
