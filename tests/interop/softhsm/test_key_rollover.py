"""A rollover whose masters are in a module and never out of it: cards of both get the new keys."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pkcs11 import Attribute, ObjectClass

from cardservice.cli.station_keys import keys as keys_group
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import Home, new_ephemeral, new_scalar, open_home, utc_now
from cardservice.home.key_versions import Author, known_versions, retire, roll_over
from cardservice.home.station_keys import issuer_keys
from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.keystores.pkcs11_session import Opened
from cardservice.personalization.after_issue import AfterIssue
from cardservice.personalization.after_issue_keys import KeyRenewal
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.pki.keys import KeyStoreError
from cardservice.settings import load_settings
from simulators.card import SoftwareCard, blank_card
from tests.chain import FUND, an_order, link_to
from tests.interop.softhsm.tokens import LABEL, MODULE, PIN
from tests.simulated.rolled_keys import version_on

CLERK = Author("clerk", datetime(2026, 11, 20, tzinfo=UTC))
INDICES = iter(range(1, 100))


@pytest.fixture
def home(tmp_path: Path, store: Pkcs11KeyStore) -> Home:
    folder = Folder(tmp_path / "home")
    wish = NewHome(fund=FUND, demonstration=True)
    establish(folder, store, wish, entropy=secrets.token_bytes, at=utc_now())
    return open_home(load_settings(home=folder.path, hsm_module=MODULE, hsm_token=LABEL))


def made_card(home: Home, store: Pkcs11KeyStore) -> tuple[SoftwareCard, int]:
    """Return a card just made, and its number."""
    card, order = blank_card(), an_order(index=next(INDICES))
    home.station(store).make(link_to(card), order)
    return card, order.card_number


def served(home: Home, store: Pkcs11KeyStore, card: SoftwareCard, number: int) -> KeyRenewal:
    ours = AfterIssue(
        issuer_keys(home.folder, store),
        examiner=home.examiner(),
        entropy=secrets.token_bytes,
        clock=utc_now,
        journal=StationJournal(MemoryJournal(utc_now)),
        new_ephemeral=new_ephemeral,
        new_scalar=new_scalar,
    )
    job = Job(order_id=secrets.token_hex(8), work=Work.NEW_PIN, card_number=number)
    return ours.do(link_to(card), job).keys


def test_cards_made_before_and_after_a_rollover_have_the_new_keys_in_the_end(
    home: Home, store: Pkcs11KeyStore
) -> None:
    old, number = made_card(home, store)
    assert roll_over(home.folder, store, author=CLERK) == 0x32
    new, _ = made_card(home, store)
    assert (version_on(old), version_on(new)) == (0x31, 0x32)
    assert served(home, store, old, number) is KeyRenewal.DONE
    assert version_on(old) == 0x32
    assert served(home, store, old, number) is KeyRenewal.NOT_NEEDED


def test_the_new_master_cannot_leave_the_module(home: Home, store: Pkcs11KeyStore) -> None:
    roll_over(home.folder, store, author=CLERK)

    def attributes(opened: Opened) -> list[tuple[bool, bool, bool]]:
        wish = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: "issuer-master-32"}
        wanted = (Attribute.SENSITIVE, Attribute.EXTRACTABLE, Attribute.NEVER_EXTRACTABLE)
        return [tuple(one[which] for which in wanted) for one in opened.find(wish)]

    assert store._session.run(attributes) == [(True, False, True)]


def test_a_retired_master_stays_in_the_module(home: Home, store: Pkcs11KeyStore) -> None:
    roll_over(home.folder, store, author=CLERK)
    retire(home.folder, store, 0x31, author=CLERK)
    assert known_versions(store) == (0x31, 0x32)
    assert dict(issuer_keys(home.folder, store).other_masters) == {}


def test_a_name_that_another_machine_took_meanwhile_changes_no_version(
    home: Home, store: Pkcs11KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "names", lambda: ("issuer-master",))
    store.generate_secret("issuer-master-32")
    with pytest.raises(KeyStoreError):
        roll_over(home.folder, store, author=CLERK)
    assert not home.folder.key_versions.exists()


def test_the_commands_ask_for_the_pin_and_work_in_the_module(
    home: Home, store: Pkcs11KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = tmp_path / "pin"
    pin.touch(mode=0o600)
    pin.write_text(f"{PIN}\n")
    for name, value in (
        ("HOME", home.folder.path),
        ("HSM_MODULE", MODULE),
        ("HSM_TOKEN", LABEL),
        ("HSM_PIN_FILE", pin),
    ):
        monkeypatch.setenv(f"CARDSERVICE_{name}", str(value))
    said = CliRunner().invoke(keys_group, ["rollover", "--yes"])
    assert (said.exit_code, "token 'issuer'" in said.stdout) == (0, True), said.output
    shown = CliRunner().invoke(keys_group, ["show"])
    assert "issuer-master-32  current" in shown.stdout
    assert known_versions(store) == (0x31, 0x32)
    assert PIN not in said.output + shown.output
