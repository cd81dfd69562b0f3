"""Jobs from a table: known again in every run, streamed, written into the ledger."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from cardservice.data import Table, read_table
from cardservice.domain.register import CardStatus
from cardservice.domain.rows import LINES, Accepted, Refused, read_rows
from cardservice.errors import Refusal, SourceUnavailableError, UsageError
from cardservice.home.issuer import Home, open_home, utc_now
from cardservice.home.station_journal import station_folder
from cardservice.home.station_sources import (
    is_begun,
    is_used,
    new_number,
    open_office,
    registry_jobs,
)
from cardservice.home.station_sources_rows import row_names
from cardservice.home.station_sources_table import MOST_OFFERS, TableJobs, table_lines
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal import (
    CardMade,
    CardSpoiled,
    Intent,
    ServiceBegun,
    ServiceDropped,
    SpoiledReason,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.settings import load_settings
from tests.unit.home.homes import new_premises

FEW = 12


def _good_lines() -> list[bytes]:
    """Return the header of the demonstration table and its first good rows."""
    lines = read_table(Table.HOLDERS).splitlines(keepends=True)
    judged = read_rows(lines[: 3 * FEW], today=utc_now().date())
    good = (lines[one.row - 1] for one in judged if isinstance(one, Accepted))
    return [lines[0], *islice(good, FEW)]


LINES_OF_TABLE = _good_lines()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(new_premises(tmp_path / "home").settings())


@pytest.fixture
def journal() -> StationJournal:
    return StationJournal(MemoryJournal(utc_now))


def jobs_of(
    home: Home,
    journal: StationJournal,
    lines: list[bytes] | None = None,
    refused: list[Refused] | None = None,
) -> TableJobs:
    kept = LINES_OF_TABLE[: FEW + 1] if lines is None else lines
    names = row_names(station_folder(home.settings), entropy=secrets.token_bytes)
    said = [] if refused is None else refused
    return TableJobs(lambda: iter(kept), home, journal, names=names, say_refused=said.append)


def number_of(job: Job) -> int:
    assert job.order is not None
    return job.order.card_number


def make(journal: StationJournal, job: Job, serial: int) -> Outcome:
    """Let the journal say that the job's card was made."""
    chip, number = serial.to_bytes(8), number_of(job)
    at = utc_now().replace(microsecond=0)
    journal.note(Intent(order=job.order_id, lane=1, number=number))
    journal.note(CardMade(chip=chip, order=job.order_id, number=number, signed_at=at))
    return Outcome(
        order_id=job.order_id, work=Work.NEW_CARD, chip=chip, number=number, signed_at=at
    )


def test_rows_come_in_their_order_and_each_once(home: Home, journal: StationJournal) -> None:
    jobs = jobs_of(home, journal)
    taken = [*jobs.take(5), *jobs.take(100)]
    assert len(taken) == FEW
    assert len({job.order_id for job in taken}) == FEW
    assert [job.label.split()[0] for job in taken] == [str(row) for row in range(2, FEW + 2)]
    assert len({number_of(job) for job in taken}) == FEW
    assert (jobs.take(1), jobs.refused, jobs.skipped) == ([], 0, 0)


def test_an_order_is_named_by_nothing_of_its_holder(home: Home, journal: StationJournal) -> None:
    for job in jobs_of(home, journal).take(FEW):
        assert job.order is not None
        assert job.order_id.startswith("t-")
        assert len(job.order_id) == 18
        assert job.order.holder.enp not in job.label
        assert job.order.holder.surname not in repr(job)


def test_a_row_has_the_same_name_in_every_run_and_at_no_other_station(
    home: Home, journal: StationJournal, tmp_path: Path
) -> None:
    names = [job.order_id for job in jobs_of(home, journal).take(FEW)]
    assert [job.order_id for job in jobs_of(home, journal).take(FEW)] == names
    elsewhere = row_names(tmp_path / "elsewhere", entropy=secrets.token_bytes)
    lines = iter(LINES_OF_TABLE[: FEW + 1])
    other = TableJobs(lambda: lines, home, journal, names=elsewhere)
    assert not {job.order_id for job in other.take(FEW)} & set(names)


def test_a_table_that_is_run_again_makes_no_second_card(
    home: Home, journal: StationJournal
) -> None:
    jobs = jobs_of(home, journal)
    for serial, job in enumerate(jobs.take(FEW), 1):
        jobs.tell(make(journal, job, serial))
    again = jobs_of(home, journal)
    assert (again.take(FEW), again.skipped) == ([], FEW)


def test_a_new_journal_and_salt_make_no_second_card_of_what_the_ledger_knows(
    home: Home, journal: StationJournal
) -> None:
    jobs = jobs_of(home, journal)
    for serial, job in enumerate(jobs.take(3), 1):
        jobs.tell(make(journal, job, serial))
    (station_folder(home.settings) / "table-salt").unlink()
    anew = jobs_of(home, StationJournal(MemoryJournal(utc_now)))
    assert len(anew.take(FEW)) == FEW - 3
    assert anew.skipped == 3


def test_a_card_made_and_not_told_of_is_not_made_again_and_told_of_in_the_next_run(
    home: Home, journal: StationJournal
) -> None:
    first = jobs_of(home, journal).take(1)[0]
    outcome = make(journal, first, 1)
    jobs = jobs_of(home, journal)
    assert first.order_id not in {job.order_id for job in jobs.take(FEW)}
    jobs.tell(outcome)
    assert first.order is not None
    answer = home.ledger.look_up(first.order.holder.enp, card_number=outcome.number)
    assert (answer.card, answer.newest_record) == (CardStatus.ACTIVE, outcome.signed_at)


def test_what_is_told_twice_stands_in_the_ledger_once(home: Home, journal: StationJournal) -> None:
    jobs = jobs_of(home, journal)
    outcome = make(journal, jobs.take(1)[0], 1)
    jobs.tell(outcome)
    jobs_of(home, journal).tell(outcome)
    assert len(home.folder.ledger.read_bytes().splitlines()) == 1


def test_an_order_that_was_begun_is_had_again_by_its_name(
    home: Home, journal: StationJournal
) -> None:
    begun = jobs_of(home, journal).take(5)[4]
    journal.note(Intent(order=begun.order_id, lane=1, number=number_of(begun)))
    jobs = jobs_of(home, journal)
    found = jobs.again(begun.order_id)
    assert found is not None
    assert begun.order is not None
    assert found.order is not None
    assert found.order.holder == begun.order.holder
    assert found.label == begun.label
    assert jobs.again(begun.order_id) == found
    assert begun.order_id not in {job.order_id for job in jobs.take(FEW)}


def test_an_order_of_another_table_is_not_found_and_its_card_is_kept_aside(
    home: Home, journal: StationJournal
) -> None:
    outcome = make(journal, jobs_of(home, journal).take(1)[0], 1)
    other = jobs_of(home, journal, [LINES_OF_TABLE[0], *LINES_OF_TABLE[5:8]])
    assert other.again(outcome.order_id) is None
    with pytest.raises(Refusal) as caught:
        other.tell(outcome)
    assert caught.value.code == "row-unknown"


def test_a_row_given_back_comes_after_all_others_and_not_for_ever(
    home: Home, journal: StationJournal
) -> None:
    jobs = jobs_of(home, journal)
    first = jobs.take(1)[0].order_id
    jobs.give_back(first)
    rest = [job.order_id for job in jobs.take(FEW)]
    assert (len(rest), rest[-1]) == (FEW, first)
    for _ in range(1, MOST_OFFERS):
        jobs.give_back(first)
        jobs.give_back(first)
        rest = [job.order_id for job in jobs.take(FEW)]
    assert rest == []
    assert first in {job.order_id for job in jobs_of(home, journal).take(FEW)}


def test_the_row_of_a_spoiled_card_is_made_again_with_another_number(
    home: Home, journal: StationJournal
) -> None:
    jobs = jobs_of(home, journal, LINES_OF_TABLE[:2])
    (job,) = jobs.take(1)
    outcome = make(journal, job, 1)
    journal.note(CardSpoiled(chip=outcome.chip, reason=SpoiledReason.NOT_AS_ORDERED))
    jobs.tell(replace(outcome, spoiled="not-as-ordered"))
    assert not home.ledger.knows_card(outcome.number)
    (again,) = jobs.take(1)
    assert again.order_id == job.order_id
    assert number_of(again) != outcome.number


def test_a_card_given_up_after_it_was_told_of_is_terminated_in_the_ledger(
    home: Home, journal: StationJournal
) -> None:
    jobs = jobs_of(home, journal)
    job = jobs.take(1)[0]
    outcome = make(journal, job, 1)
    jobs.tell(outcome)
    journal.give_up(outcome.chip, SpoiledReason.LOST)
    jobs_of(home, journal).tell(replace(outcome, spoiled="lost"))
    assert job.order is not None
    answer = home.ledger.look_up(job.order.holder.enp, card_number=outcome.number)
    assert answer.card is CardStatus.TERMINATED


def test_bad_rows_are_named_with_the_number_that_a_person_counts(
    home: Home, journal: StationJournal
) -> None:
    lines = [*LINES_OF_TABLE[:3], b"a,row,of,nothing\n", *LINES_OF_TABLE[3:5]]
    refused: list[Refused] = []
    jobs = jobs_of(home, journal, lines, refused)
    assert len(jobs.take(FEW)) == 4
    assert ([one.row for one in refused], jobs.refused) == ([4], 1)


def test_one_holder_twice_in_a_table_gets_one_card(home: Home, journal: StationJournal) -> None:
    lines = [*LINES_OF_TABLE[:2], LINES_OF_TABLE[1].replace(b",00003,", b",00004,")]
    assert len(jobs_of(home, journal, lines).take(FEW)) == 1


def test_a_holder_twice_in_two_pieces_of_a_long_table_gets_one_card(
    home: Home, journal: StationJournal
) -> None:
    again = LINES_OF_TABLE[1].replace(b",00003,", b",00004,")
    lines = [*LINES_OF_TABLE[:2], *([b"\n"] * LINES), again, LINES_OF_TABLE[2]]
    jobs = jobs_of(home, journal, lines)
    taken = jobs.take(FEW)
    assert [job.label.split()[0] for job in taken] == ["2", str(LINES + 4)]
    assert jobs.skipped == 1


def test_no_row_is_read_before_it_is_wanted(home: Home, journal: StationJournal) -> None:
    read = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        for line in LINES_OF_TABLE:
            read += 1
            yield line

    names = row_names(station_folder(home.settings), entropy=secrets.token_bytes)
    jobs = TableJobs(lines, home, journal, names=names)
    jobs.take(4)
    assert read <= 1 + 4


@pytest.mark.parametrize(
    ("lines", "code"), [([], "header-missing"), ([b"surname,enp\n"], "column-missing")]
)
def test_a_table_with_a_wrong_header_is_refused_at_once(
    home: Home, journal: StationJournal, lines: list[bytes], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        jobs_of(home, journal, lines)
    assert caught.value.code == code


def test_a_table_is_read_from_its_file(home: Home, journal: StationJournal, tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_bytes(b"\xef\xbb\xbf" + b"".join(LINES_OF_TABLE[:4]))
    names = row_names(station_folder(home.settings), entropy=secrets.token_bytes)
    jobs = TableJobs(table_lines(path), home, journal, names=names)
    assert len(jobs.take(FEW)) == 3
    assert jobs.renew() == ()


def test_a_damaged_salt_is_said_and_not_made_anew(tmp_path: Path) -> None:
    row_names(tmp_path, entropy=os.urandom)
    (tmp_path / "table-salt").write_bytes(b"short")
    with pytest.raises(Refusal) as caught:
        row_names(tmp_path, entropy=os.urandom)
    assert caught.value.code == "table-salt-damaged"


def test_a_ledger_that_cannot_be_written_is_told_again_later(
    home: Home, journal: StationJournal
) -> None:
    jobs = jobs_of(home, journal)
    outcome = make(journal, jobs.take(1)[0], 1)
    home.folder.ledger.unlink(missing_ok=True)
    home.folder.ledger.mkdir()
    with pytest.raises(SourceUnavailableError) as caught:
        jobs.tell(outcome)
    assert caught.value.code == "ledger-not-written"
    home.folder.ledger.rmdir()
    jobs.tell(outcome)
    assert home.ledger.knows_card(outcome.number)


def test_an_office_needs_an_address_and_a_token_in_a_file_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        open_office(load_settings(home=tmp_path))
    token = tmp_path / "token"
    token.write_text("epc_of-a-test\n")
    token.chmod(0o644)
    settings = load_settings(
        home=tmp_path, station_office="https://office.example", station_token_file=token
    )
    with pytest.raises(UsageError):
        open_office(settings)
    token.chmod(0o600)
    with open_office(settings):
        pass


def test_the_jobs_of_an_office_are_put_together_from_the_settings(
    home: Home, journal: StationJournal, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("epc_of-a-test\n")
    token.chmod(0o600)
    named = {"station_office": "http://127.0.0.1:9", "station_token_file": token}
    settings = home.settings.model_copy(update=named)
    with open_office(settings) as link:
        jobs = registry_jobs(link, home.settings, journal, home=home)
        with pytest.raises(SourceUnavailableError):
            jobs.take(1)
    assert (station_folder(settings) / "leases.json").is_file()


def test_an_order_is_begun_while_a_card_may_hold_what_it_asks_for(
    journal: StationJournal,
) -> None:
    assert not is_begun(journal, "o-1")
    journal.note(
        CardMade(chip=bytes(8), order="o-1", number=5, signed_at=utc_now().replace(microsecond=0))
    )
    assert is_begun(journal, "o-1")
    begun = ServiceBegun(order="o-2", chip=bytes(8), number=5, work="new-pin", signed_at=None)
    journal.note(begun)
    assert is_begun(journal, "o-2")
    journal.note(ServiceDropped(order="o-2"))
    assert not is_begun(journal, "o-2")


def test_a_station_without_a_home_draws_no_place_in_the_status_list_itself(
    journal: StationJournal,
) -> None:
    with pytest.raises(Refusal) as refused:
        new_number(None, journal)
    assert refused.value.code == "status-list-unknown"


def test_a_station_with_a_home_draws_a_place_that_no_card_of_it_has(
    home: Home, journal: StationJournal
) -> None:
    number = new_number(home, journal)
    assert number >> 32 == 1
    assert not is_used(journal, number)
