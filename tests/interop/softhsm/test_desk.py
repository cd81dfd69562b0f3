"""A desk whose keys are in SoftHSM2: enrolled, at work, renewed; its keys never come out."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result
from pkcs11 import Attribute, ObjectClass, Session
from typing_extensions import override

from cardservice.cli import desk as desk_commands
from cardservice.cli.desk_keys import desk_enrolment
from cardservice.cli.main import cardservice
from cardservice.domain.verdict import Outcome, ProtocolName
from cardservice.home.demonstration import DemonstrationCards
from cardservice.home.desk import DeskEnrolment
from cardservice.home.desk_keys import desk_keys
from cardservice.home.folder import Folder
from cardservice.home.issuer import Home
from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.settings import Settings, load_settings
from cardservice.texts.demonstration import DemonstrationCard
from tests.interop.softhsm.test_protection import objects, on_token
from tests.interop.softhsm.tokens import LABEL, MODULE, PIN, Tokens, look_again
from tests.simulated.desk_agent.conftest import AtWork, Place
from tests.simulated.desk_agent.service import CODE, Service, service_at
from tests.simulated.desk_agent.test_examining import cards, verdict_of

__all__ = ["cards"]

P256_OCTETS = 32
NEVER_OUT = {
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.NEVER_EXTRACTABLE: True,
}


def no_prompt(_: str) -> str:
    raise AssertionError("somebody was asked, though a PIN file is set")


@dataclass
class ModulePlace(Place):
    """A place whose settings name the module."""

    said: Settings | None = None

    @property
    @override
    def settings(self) -> Settings:
        assert self.said is not None
        return self.said


@dataclass
class ModuleDesk:
    """A desk's home whose settings name the module; each time its keys are opened anew."""

    service: Service
    settings: Settings

    def place(self, keys: KeyStore) -> Place:
        home = self.settings.home
        return ModulePlace(self.service, home, keys=keys, said=self.settings)  # type: ignore[arg-type]

    def enrol(self) -> DeskEnrolment:
        with desk_keys(self.settings, prompt=no_prompt) as keys:
            return self.place(keys).enrol()

    def files(self) -> dict[str, bytes]:
        home = self.settings.home
        return {
            str(one.relative_to(home)): one.read_bytes() for one in home.rglob("*") if one.is_file()
        }


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_at(tmp_path / "service") as found:
        yield found


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    path = tmp_path / "pin"
    path.write_text(PIN)
    path.chmod(0o600)
    return path


@pytest.fixture
def desk(service: Service, tokens: Tokens, tmp_path: Path, pin_file: Path) -> ModuleDesk:
    assert tokens.folder.is_dir()
    settings = load_settings(
        home=tmp_path / "desk-home", hsm_module=MODULE, hsm_token=LABEL, hsm_pin_file=pin_file
    )
    return ModuleDesk(service, settings)


@pytest.fixture
def at_work(desk: ModuleDesk) -> Iterator[AtWork]:
    desk.enrol()
    with desk_keys(desk.settings, prompt=no_prompt) as keys, desk.place(keys).at_work() as found:
        yield found


def private_keys() -> dict[str, dict[Attribute, bool]]:
    """Return what the module itself says of each private key on the token, by its name."""
    return on_token(  # type: ignore[no-any-return]
        lambda session: {
            str(key[Attribute.LABEL]): {one: key[one] for one in NEVER_OUT}
            for key in objects(session, ObjectClass.PRIVATE_KEY)
        }
    )


def protocols(at_work: AtWork, cards: DemonstrationCards) -> frozenset[ProtocolName]:
    """Return what ran with a card held to the reader, whose number nobody typed."""
    link = cards.tray.workbench(DemonstrationCard.CONTACTLESS)
    try:
        verdict = verdict_of(at_work.desk.examiners.live.examine(link))
    finally:
        link.close()
    assert verdict.outcome is Outcome.VALID
    return verdict.ran


def test_a_card_that_asks_for_a_terminal_is_read_with_a_key_of_the_module_and_its_next_one(
    at_work: AtWork, cards: DemonstrationCards
) -> None:
    assert at_work.fetch_all() == [None, None, None]
    assert ProtocolName.TERMINAL_AUTHENTICATION in protocols(at_work, cards)
    at_work.refresher.renew()
    assert set(private_keys()) == {"assertion-00001", "desk-00001", "desk-00002"}
    assert ProtocolName.TERMINAL_AUTHENTICATION in protocols(at_work, cards)


def test_every_private_key_of_a_desk_was_born_in_the_module_and_never_comes_out(
    at_work: AtWork,
) -> None:
    at_work.fetch_all()
    at_work.refresher.renew()
    assert private_keys() == dict.fromkeys(
        ("assertion-00001", "desk-00001", "desk-00002"), NEVER_OUT
    )


def test_the_home_of_a_desk_with_a_module_has_no_key_and_no_pin(
    desk: ModuleDesk, at_work: AtWork
) -> None:
    at_work.refresher.renew()
    files = desk.files()
    assert "desk/enrolment.json" in files
    assert not any(name.startswith("keys/") for name in files)
    assert not any(b"PRIVATE" in said or PIN.encode() in said for said in files.values())


def test_a_wrong_pin_is_refused_with_a_remedy_and_the_desk_works_with_the_right_one(
    desk: ModuleDesk, pin_file: Path
) -> None:
    desk.enrol()
    before = desk.files()
    pin_file.write_text("999999")
    with pytest.raises(KeyStoreError) as refused, desk_keys(desk.settings, prompt=no_prompt):
        pass
    assert refused.value.remedy
    assert "999999" not in str(refused.value)
    assert desk.files() == before
    pin_file.write_text(PIN)
    with desk_keys(desk.settings, prompt=no_prompt) as keys, desk.place(keys).at_work() as again:
        assert again.fetch_all() == [None, None, None]


def test_a_token_that_is_gone_is_refused_with_a_remedy_and_nothing_is_lost(
    desk: ModuleDesk, tokens: Tokens
) -> None:
    desk.enrol()
    before = desk.files()
    away = tokens.folder.with_name("away")
    shutil.move(tokens.folder, away)
    tokens.folder.mkdir()
    look_again()
    with pytest.raises(ModuleError) as refused, desk_keys(desk.settings, prompt=no_prompt):
        pass
    assert refused.value.fault is ModuleFault.TOKEN_MISSING
    assert refused.value.remedy
    assert desk.files() == before
    tokens.folder.rmdir()
    shutil.move(away, tokens.folder)
    look_again()
    with desk_keys(desk.settings, prompt=no_prompt) as keys, desk.place(keys).at_work() as again:
        assert again.fetch_all() == [None, None, None]


def test_a_home_that_was_copied_without_its_token_proves_nothing_to_the_service(
    desk: ModuleDesk, tokens: Tokens
) -> None:
    desk.enrol()
    shutil.rmtree(tokens.folder)
    tokens.folder.mkdir()
    tokens.add()
    look_again()
    asked = len(desk.service.asked)
    with (
        desk_keys(desk.settings, prompt=no_prompt) as keys,
        pytest.raises(KeyStoreError) as refused,
        desk.place(keys).at_work(),
    ):
        pass
    assert "assertion-00001" in str(refused.value)
    assert len(desk.service.asked) == asked


def names_on_token(desk: ModuleDesk) -> set[str]:
    """Return the labels of all keys, private and public."""

    def labels(session: Session) -> set[str]:
        kinds = (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY)
        return {str(one[Attribute.LABEL]) for kind in kinds for one in objects(session, kind)}

    with desk_keys(desk.settings, prompt=no_prompt):
        found: set[str] = on_token(labels)
    return found


def test_the_keys_of_certificates_long_past_go_from_the_module(desk: ModuleDesk) -> None:
    desk.enrol()
    with desk_keys(desk.settings, prompt=no_prompt) as keys:
        for _ in range(3):
            with desk.place(keys).at_work() as at_work:
                at_work.fetch_all()
                at_work.refresher.renew()
        assert keys.names() == ("assertion-00001", "desk-00003", "desk-00004")
    assert names_on_token(desk) == {"assertion-00001", "desk-00003", "desk-00004"}


def test_a_desk_that_leaves_takes_its_keys_off_the_token_and_no_other(
    desk: ModuleDesk, monkeypatch: pytest.MonkeyPatch, pin_file: Path
) -> None:
    desk.enrol()
    with desk_keys(desk.settings, prompt=no_prompt) as keys:
        keys.generate("station-00001")
        keys.generate("desk-of-another")
    result = left(desk, monkeypatch, pin_file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert names_on_token(desk) == {"station-00001", "desk-of-another"}


def test_a_desk_leaves_though_its_pin_is_wrong_and_says_that_keys_stay(
    desk: ModuleDesk, monkeypatch: pytest.MonkeyPatch, pin_file: Path
) -> None:
    desk.enrol()
    before = names_on_token(desk)
    pin_file.write_text("0000")
    result = left(desk, monkeypatch, pin_file)
    assert result.exit_code == 0
    assert "its keys stay" in result.stderr
    assert "assertion-00001 and desk-NNNNN; remove them" in result.stderr
    assert "0000" not in result.stderr.replace("-00001", "")
    assert not (desk.settings.home / "desk" / "enrolment.json").exists()
    pin_file.write_text(PIN)
    assert names_on_token(desk) == before


def test_a_desk_leaves_though_its_module_is_gone_and_says_which_keys_stay(
    desk: ModuleDesk, monkeypatch: pytest.MonkeyPatch, pin_file: Path
) -> None:
    desk.enrol()
    before = names_on_token(desk)
    result = left_with(monkeypatch, desk, module=pin_file.with_name("no-module.so"))
    assert result.exit_code == 0
    assert "its keys stay" in result.stderr
    assert "assertion-00001 and desk-NNNNN; remove them" in result.stderr
    assert not (desk.settings.home / "desk" / "enrolment.json").exists()
    assert names_on_token(desk) == before


def test_a_desk_that_leaves_with_the_settings_of_a_folder_says_that_keys_stay_on_a_token(
    desk: ModuleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.enrol()
    before = names_on_token(desk)
    result = left_with(monkeypatch, desk, module=None)
    assert (result.exit_code, "its keys stay" in result.stderr) == (0, True)
    assert names_on_token(desk) == before


def test_who_enrols_with_a_module_is_asked_for_the_pin_that_there_is_not_for_a_new_one(
    desk: ModuleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def known(prompt: str) -> str:
        asked.append(prompt)
        return PIN

    def new(_: str) -> str:
        raise AssertionError("a new passphrase was asked for")

    monkeypatch.setattr(desk_commands, "ask_passphrase", known)
    monkeypatch.setattr(desk_commands, "ask_new_passphrase", new)
    set_settings(monkeypatch, desk, module=MODULE)
    words = ["desk", "enrol", CODE, "--service", desk.service.address, "--yes"]
    result = CliRunner().invoke(cardservice, words)
    assert (result.exit_code, len(asked)) == (0, 1), result.output
    assert names_on_token(desk) == {"assertion-00001", "desk-00001"}


def left(desk: ModuleDesk, patch: pytest.MonkeyPatch, pin_file: Path) -> Result:
    patch.setenv("CARDSERVICE_HSM_PIN_FILE", str(pin_file))
    return left_with(patch, desk, module=MODULE)


def left_with(patch: pytest.MonkeyPatch, desk: ModuleDesk, *, module: Path | None) -> Result:
    """Return what came of leaving with that module in the settings."""
    set_settings(patch, desk, module=module)
    return CliRunner().invoke(cardservice, ["desk", "leave", "--yes"])


def set_settings(patch: pytest.MonkeyPatch, desk: ModuleDesk, *, module: Path | None) -> None:
    patch.setenv("CARDSERVICE_HOME", str(desk.settings.home))
    for name, value in (("MODULE", module), ("TOKEN", LABEL)):
        if module is not None:
            patch.setenv(f"CARDSERVICE_HSM_{name}", str(value))


def home_of(desk: ModuleDesk) -> Home:
    """Return the desk's home as commands have it; nothing but its folder is looked at."""
    nothing = cast(Any, None)
    return Home(Folder(desk.settings.home), desk.settings, nothing, nothing, nothing)


def test_a_command_finds_the_key_of_a_module_too(desk: ModuleDesk) -> None:
    desk.enrol()
    with desk_enrolment(home_of(desk), desk.settings) as enrolment:
        assert enrolment is not None
        assert len(enrolment.sign(b"to be signed")) == 2 * P256_OCTETS


def test_a_command_says_why_the_key_of_a_module_is_not_used(
    desk: ModuleDesk, pin_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.enrol()
    pin_file.write_text("0000")
    with desk_enrolment(home_of(desk), desk.settings) as enrolment:
        assert enrolment is None
    said = capsys.readouterr().err
    assert "not shown to cards" in said
    assert "0000" not in said
