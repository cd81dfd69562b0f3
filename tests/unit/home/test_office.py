"""An office from its settings: what it needs is there, or said to be missing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from cardservice.accounts.four_eyes import Act
from cardservice.accounts.roles import Role
from cardservice.domain.holder import Category, Sex
from cardservice.domain.numbers import parse_ogrn
from cardservice.errors import Refusal, UsageError
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.office import open_office
from cardservice.home.office_accounts import (
    add_account,
    close_account,
    find_account,
    issue_token,
    list_accounts,
    list_tokens,
    reset_password,
    revoke_token,
)
from cardservice.home.office_audit import DatabaseAuditLog
from cardservice.home.office_database import database_address
from cardservice.home.office_keys import head_keys, make_office_keys
from cardservice.home.office_setup import make_office
from cardservice.home.office_signin import openid_settings
from cardservice.home.office_timers import timer_parts
from cardservice.papers.statement.signed import StatementKey, verify_statement
from cardservice.papers.values import PaperPerson, TemporaryCertificate
from cardservice.registry.audit_verifying import verify_chain
from cardservice.registry.timers import run_all
from cardservice.registry.timers_jobs import JOBS
from cardservice.storage.engine import open_database
from tests.unit.home.offices import PASSWORD, REGION, new_keys, new_office, settings_of

INSURER = {
    "insurer_name": "СМО «Образец»",
    "insurer_ogrn": "1009900000010",
    "insurer_phone": "8 800 000-00-00",
}
OTHER_PASSWORD = "heron umbrella quartz lantern"  # noqa: S105
CLERK = frozenset({Role.CLERK})
DAY = date(2026, 6, 1)


def test_a_new_office_has_its_database_in_the_home_and_no_papers(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        assert (office.region, office.regions) == (REGION, (REGION,))
        assert office.papers is None
        assert dict(office.senders) == {}
    assert (tmp_path / "registry.sqlite3").is_file()


def test_setting_up_twice_changes_nothing(tmp_path: Path) -> None:
    settings, keys = settings_of(tmp_path), new_keys()
    first, second = make_office(settings, keys), make_office(settings, keys)
    assert len(first.keys) == 7
    assert second.keys == ()
    assert first.revision == second.revision


def test_an_office_without_a_region_is_refused(tmp_path: Path) -> None:
    settings, keys = settings_of(tmp_path, region=None), new_keys()
    make_office(settings, keys)
    with pytest.raises(UsageError, match="setting region"), open_office(settings, keys):
        pass


def test_an_office_without_tables_is_refused(tmp_path: Path) -> None:
    settings, keys = settings_of(tmp_path), new_keys()
    make_office_keys(Folder(tmp_path), keys)
    with pytest.raises(Refusal, match="database migrate"), open_office(settings, keys):
        pass


def test_the_settings_say_how_the_office_works(tmp_path: Path) -> None:
    changes = {
        "time_zone": "Asia/Vladivostok",
        "second_person": [Act.APPROVE_APPLICATION.value],
        "other_regions": ["01000"],
        "language": "en",
    }
    with new_office(tmp_path, **changes) as office:
        works = office.office.settings
        assert str(works.zone) == "Asia/Vladivostok"
        assert works.four_eyes.acts == {Act.APPROVE_APPLICATION}
        assert works.language == "en"
        assert not works.draws_policy_numbers
        assert office.regions == (REGION, "01000")


def test_a_certificate_is_signed_so_that_a_desk_can_verify_it(tmp_path: Path) -> None:
    with new_office(tmp_path, **INSURER) as office:
        assert office.papers is not None
        insurer = office.papers.insurer
        certificate = TemporaryCertificate(
            number="123456789",
            application_number="A-1",
            fund=office.papers.fund,
            category=Category.CITIZEN,
            person=PaperPerson(
                surname="Пробный", given_name="Проба", sex=Sex.MALE, birth_date=date(1980, 1, 1)
            ),
            insurer=insurer,
            issued=DAY,
            valid_until=DAY + timedelta(days=30),
        )
        text = office.papers.sign(certificate)
    public = (tmp_path / "office" / "office-statements.der").read_bytes()
    key = StatementKey(parse_ogrn(INSURER["insurer_ogrn"]), public)
    for trusted in (key, office.papers.statement_key):
        assert verify_statement(text, [trusted], DAY).number == "123456789"


def test_an_insurer_without_its_ogrn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused, new_office(tmp_path, insurer_name="СМО"):
        pass
    assert refused.value.field == "insurer_ogrn"


def test_the_password_of_the_database_comes_out_of_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3/cret@\n")
    secret.chmod(0o600)
    address = "postgresql://office@db.example.org/office"
    settings = settings_of(tmp_path, database=address, database_password_file=secret)
    whole = database_address(settings)
    assert whole == "postgresql://office:s3%2Fcret%40@db.example.org/office"
    with open_database(whole) as opened:
        assert "cret" not in repr(opened)


def test_an_account_is_made_listed_reset_and_closed_and_all_of_it_recorded(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        sign_in = office.sign_in.sign_in
        add_account(office, "Anna", roles=CLERK, region=REGION, password=PASSWORD)
        opened = sign_in.with_password("anna", PASSWORD, address=None)
        reset_password(office, "anna", OTHER_PASSWORD)
        assert office.sign_in.stores.sessions.find(opened.token) is None
        sign_in.with_password("anna", OTHER_PASSWORD, address=None)
        close_account(office, "anna")
        with pytest.raises(Refusal):
            sign_in.with_password("anna", OTHER_PASSWORD, address=None)
        (line,) = list_accounts(office.database)
        assert (line.name, line.roles, line.disabled) == ("anna", ("clerk",), True)
        entries = DatabaseAuditLog(office.database).entries(REGION)
        actions = [one.fact.action for one in entries]
    assert actions == ["account.add", "account.password", "account.close"]


def test_an_account_of_no_region_is_not_made(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        with pytest.raises(Refusal):
            add_account(office, "anna", roles=CLERK, region="nowhere", password=PASSWORD)
        assert list(list_accounts(office.database)) == []
        with pytest.raises(Refusal):
            find_account(office, "anna")


def test_a_token_opens_until_it_is_revoked(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        tokens = office.sign_in.api_tokens
        record, text = issue_token(
            office, "Station 1", role=Role.STATION, region=REGION, lasts=timedelta(days=1)
        )
        assert tokens.recognise(text) is not None
        (line,) = list_tokens(office.database)
        assert (line.id, line.label, line.role) == (record.id, "Station 1", "station")
        assert text not in repr(line)
        revoke_token(office, record.id)
        assert tokens.recognise(text) is None


def test_the_timers_of_an_office_sign_heads_that_its_public_key_proves(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        add_account(office, "anna", roles=CLERK, region=REGION, password=PASSWORD)
        ran = run_all(timer_parts(office), JOBS)
        assert [one.fault for one in ran] == [None] * len(JOBS)
        log = DatabaseAuditLog(office.database)
        known = head_keys(Folder(tmp_path))
        found = verify_chain(log.entries(REGION), log.heads(REGION), known, region=REGION)
    assert (found.entries, found.signed) == (1, 1)


def test_the_timers_of_an_office_sweep_a_scan_that_no_row_has(tmp_path: Path) -> None:
    settings, keys = settings_of(tmp_path), new_keys()
    make_office(settings, keys)
    tomorrow = utc_now() + timedelta(days=2)
    with open_office(settings, keys, clock=lambda: tomorrow) as office:
        address = office.vault.keep(b"left by a process that was killed")
        assert timer_parts(office).sweep() == 1
        with pytest.raises(Refusal):
            list(office.vault.read(address))


def test_openid_needs_the_address_that_browsers_come_back_to(tmp_path: Path) -> None:
    issuer = "https://login.example.org"
    with pytest.raises(UsageError, match="public_address"):
        openid_settings(settings_of(tmp_path, openid_issuer=issuer), issuer)
    settings = settings_of(tmp_path, public_address="https://polis.example.org/")
    told = openid_settings(settings, issuer)
    assert told.redirect_uri == "https://polis.example.org/sign-in/openid/answer"
    assert told.region == REGION


def test_openid_over_plain_http_is_refused_in_production(tmp_path: Path) -> None:
    plain = "http://127.0.0.1:9000"
    loose = {"public_address": "http://127.0.0.1:8090", "insecure_cookies": True}
    assert openid_settings(settings_of(tmp_path, **loose), plain).issuer == plain
    with pytest.raises(UsageError):
        openid_settings(settings_of(tmp_path, production=True, **loose), plain)


def test_the_clock_of_an_office_is_the_real_one_unless_told(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        assert abs(office.office.clock() - utc_now()) < timedelta(minutes=1)
