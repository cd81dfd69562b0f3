"""The self-check: every part has its word, whatever becomes of the others."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NoReturn

import pytest

from cardservice.errors import ReaderUnavailableError, Refusal, SourceUnavailableError, UsageError
from cardservice.personalization.journal import BlanksReceived, Kept
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.self_check import (
    CheckResult,
    ClockReading,
    Health,
    JournalReading,
    Part,
    Parts,
    can_begin,
    self_check,
)
from cardservice.pki.keys import KeyStoreError
from tests.unit.personalization.blanks_bench import a_card

NOW = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def journal(*, newest: datetime | None = NOW, torn: int = 0) -> JournalReading:
    """Return the reading of a station with ten blanks, one begun and one made."""
    entries = [BlanksReceived(first=1, last=10), *a_card(1), *a_card(2, "b", 2)[:2]]
    recovery = recover(Kept(number, NOW, one) for number, one in enumerate(entries, 1))
    return JournalReading(recovery=recovery, newest=newest, torn_octets=torn)


def raises(error: Exception) -> Callable[[], NoReturn]:
    def look() -> NoReturn:
        raise error

    return look


GOOD = Parts(
    clock=lambda: ClockReading(now=NOW, not_before={"the certificate begins": NOW - MINUTE}),
    readers={"pcsc:A": lambda: "It is there.", "pcsc:B": lambda: "It is there."},
    keys=lambda: "Each key worked once.",
    free_mib=lambda: 200,
    needed_mib=200,
    journal=lambda: JournalReading(recovery=Recovery()),
    printers={"face": lambda: "It is ready."},
    registry=lambda: "The office answers.",
    sample=lambda: "A software card was made.",
)


def checked(parts: Parts) -> Mapping[str, CheckResult]:
    return {one.name: one for one in self_check(parts)}


def only_failure(parts: Parts) -> CheckResult:
    """Return the one part that is not well; all others are."""
    (found,) = [one for one in self_check(parts) if one.health is not Health.OK]
    assert found.remedy
    return found


def test_where_all_is_well_every_part_says_so_in_its_order() -> None:
    results = self_check(GOOD)
    assert [one.name for one in results] == [
        *("clock", "reader pcsc:A", "reader pcsc:B", "keys", "stock", "disk", "journal"),
        *("printer face", "registry", "sample card"),
    ]
    assert {(one.health, one.code, one.remedy) for one in results} == {(Health.OK, "", "")}
    assert all(one.sentence.endswith(".") for one in results)
    assert can_begin(results)


def at(**reading: object) -> Parts:
    return replace(GOOD, clock=lambda: replace(ClockReading(now=NOW), **reading))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (at(jump=timedelta(seconds=61)), "forward by 61 s"),
        (at(jump=timedelta(seconds=-61)), "back by 61 s"),
        (at(not_before={"the certificate begins": NOW + MINUTE * 2}), "the certificate begins"),
    ],
)
def test_a_clock_that_cannot_be_right_is_wrong(parts: Parts, said: str) -> None:
    found = only_failure(parts)
    assert (found.name, found.health, found.code) == (Part.CLOCK, Health.FAIL, "clock-wrong")
    assert said in found.sentence


def test_a_clock_before_the_journals_last_entry_is_wrong_unless_it_was_compared() -> None:
    parts = replace(GOOD, journal=lambda: journal(newest=NOW + MINUTE * 2))
    found = checked(parts)[Part.CLOCK]
    assert (found.code, "newest entry" in found.sentence) == ("clock-wrong", True)
    for newest in (NOW, NOW + MINUTE, None):
        near = replace(GOOD, journal=partial(journal, newest=newest))
        assert checked(near)[Part.CLOCK].health is Health.OK
    confirmed = replace(parts, clock=at(is_confirmed=True, jump=MINUTE * 5).clock)
    assert checked(confirmed)[Part.CLOCK].health is Health.OK


def test_no_word_of_a_person_makes_a_clock_right_that_is_before_the_certificate() -> None:
    parts = at(is_confirmed=True, not_before={"the certificate begins": NOW + MINUTE * 2})
    assert only_failure(parts).code == "clock-wrong"


def test_a_reader_that_is_not_there_is_named_with_its_remedy() -> None:
    gone = ReaderUnavailableError("no reader fits 'B'", remedy="plug in a reader")
    found = only_failure(replace(GOOD, readers={**GOOD.readers, "pcsc:B": raises(gone)}))
    assert (found.name, found.code) == ("reader pcsc:B", "reader-unavailable")
    assert (found.sentence, found.remedy) == ("no reader fits 'B'", "plug in a reader")


class ModuleLostError(KeyStoreError):
    fault = "hsm-session-lost"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyStoreError("no key signer", remedy="restore it"), "keys-unavailable"),
        (ModuleLostError("lost", remedy="look at the token"), "hsm-session-lost"),
        (Refusal("signer-expired", "The signer is not trusted now."), "signer-expired"),
        (UsageError("the key is not the one of the certificate"), "keys-unavailable"),
    ],
)
def test_keys_that_cannot_be_had_have_the_code_of_their_fault(error: Exception, code: str) -> None:
    found = only_failure(replace(GOOD, keys=raises(error)))
    assert (found.name, found.health, found.code) == (Part.KEYS, Health.FAIL, code)


def test_an_error_that_nobody_meant_tells_its_kind_alone() -> None:
    found = only_failure(replace(GOOD, keys=raises(ValueError("secret 31415926"))))
    assert (found.code, found.sentence) == ("keys-unavailable", "The program failed: ValueError.")


def test_too_little_room_is_said_in_figures() -> None:
    found = only_failure(replace(GOOD, free_mib=lambda: 199))
    assert (found.code, found.sentence) == (
        "disk-low",
        "199 MiB are free on the station's disk, not 200.",
    )


def test_cards_begun_before_are_a_warning_and_keep_nobody_from_work() -> None:
    results = self_check(replace(GOOD, journal=journal))
    (found,) = [one for one in results if one.health is not Health.OK]
    assert (found.name, found.health, found.code) == (
        "journal, open cards",
        Health.WARN,
        "cards-open",
    )
    assert found.sentence.startswith("1 cards")
    assert can_begin(results)
    assert (
        "10 received, 8 in the tray, 1 begun"
        in checked(replace(GOOD, journal=journal))[Part.STOCK].sentence
    )


def test_a_torn_end_of_the_journal_is_well_and_said() -> None:
    found = checked(replace(GOOD, journal=lambda: journal(torn=7)))[Part.JOURNAL]
    assert (found.health, "unfinished" in found.sentence) == (Health.OK, True)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refusal("journal-damaged", "The journal is damaged at octet 7."), "journal-damaged"),
        (PermissionError(13, "Permission denied", "journal"), "journal-failed"),
    ],
)
def test_a_journal_that_cannot_be_read_fails_with_what_stands_on_it(
    error: Exception, code: str
) -> None:
    results = self_check(replace(GOOD, journal=raises(error)))
    failed = {one.name: one.code for one in results if one.health is Health.FAIL}
    assert failed[Part.JOURNAL] == code
    assert set(failed) == {Part.JOURNAL, Part.STOCK}


def test_blanks_that_do_not_add_up_are_found() -> None:
    twice = [Kept(1, NOW, BlanksReceived(first=1, last=5))]
    recovery = recover([*twice, Kept(2, NOW, BlanksReceived(first=5, last=5))])
    found = only_failure(replace(GOOD, journal=lambda: JournalReading(recovery=recovery)))
    assert (found.name, found.code) == (Part.STOCK, "stock-differs")


def test_what_the_station_does_without_is_a_warning() -> None:
    absent = {Part.PRINTER: ("printer-missing", "No letter printer is set.")}
    found = only_failure(replace(GOOD, absent=absent))
    assert (found.health, found.code) == (Health.WARN, "printer-missing")


def test_a_printer_that_is_not_ready_fails() -> None:
    busy = Refusal("printer-not-ready", "The printer takes no jobs now.")
    found = only_failure(replace(GOOD, printers={"face": raises(busy)}))
    assert (found.name, found.code) == ("printer face", "printer-not-ready")


def test_an_office_that_does_not_answer_keeps_nobody_from_what_is_leased() -> None:
    away = SourceUnavailableError("registry-late", "The office answers too late.")
    parts = replace(GOOD, registry=raises(away))
    found = only_failure(parts)
    assert (found.name, found.health, found.code) == (Part.REGISTRY, Health.WARN, "registry-late")
    assert can_begin(self_check(parts))


def test_without_an_office_the_registry_is_well() -> None:
    found = checked(replace(GOOD, registry=None))[Part.REGISTRY]
    assert (found.health, "table" in found.sentence) == (Health.OK, True)


def test_a_sample_that_fails_is_the_projects_own_fault() -> None:
    found = only_failure(replace(GOOD, sample=raises(Refusal("card-foreign", "No card of ours."))))
    assert (found.name, found.code) == (Part.SAMPLE, "sample-failed")
    assert found.sentence == "No card of ours."
