"""``cardservice pki …``: what it prints, what it writes, and its exit status."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from cardservice.cli import pki_stores
from cardservice.cli.exit_codes import Exit
from cardservice.errors import UsageError
from cardservice.home.anchors import read_anchors
from cardservice.home.ceremony import TEXT, ceremonies
from cardservice.home.clinics_locking import TERMINALS, alone
from cardservice.home.enrolment_files import MAX_FILE
from cardservice.home.folder import Folder
from cardservice.home.issuer import open_trust
from cardservice.home.trust_points import TerminalFolder, load_trust
from cardservice.keystores.sealing import KdfCost
from tests.unit.cli.conftest import PASSPHRASE, Type

NAME, CLINIC = "Окно 1", "Поликлиника № 4"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New keys that open fast."""
    monkeypatch.setattr("cardservice.keystores.software.KdfCost", lambda: KdfCost(n=16, r=1, p=1))


@dataclass
class Post:
    """An issuer and a desk, and what is typed at each; files lie in one folder."""

    issuer: Folder
    desk: Folder
    folder: Path
    typed: Type

    def at_issuer(self, *arguments: str, ok: bool = True) -> Result:
        return self._typed(self.issuer, arguments, ok=ok)

    def at_desk(self, *arguments: str, ok: bool = True) -> Result:
        return self._typed(self.desk, arguments, ok=ok)

    def request(self, *arguments: str) -> tuple[str, str]:
        """Return the path of the desk's request and its fingerprint."""
        out = self.path("desk.json")
        wish = ("--name", NAME, "--clinic", CLINIC)
        said = self.at_desk("pki", "desk", "request", *wish, "--out", out, *arguments).stdout
        return out, said.partition("Fingerprint: ")[2].strip()

    def enrol(self) -> None:
        """Go the whole way once."""
        request, fingerprint = self.request()
        self.at_issuer("pki", "desk", "enrol", request, "--fingerprint", fingerprint)
        self.at_desk("pki", "desk", "install", self.path("desk.bundle.json"))

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def _typed(self, home: Folder, arguments: tuple[str, ...], *, ok: bool) -> Result:
        result = self.typed(*arguments, env={"CARDSERVICE_HOME": str(home.path)})
        assert PASSPHRASE not in result.output
        assert (result.exit_code == Exit.OK) is ok, result.output
        return result


@pytest.fixture
def post(home: Folder, tmp_path: Path, cardservice_typed: Type) -> Post:
    folder = tmp_path / "post"
    folder.mkdir()
    return Post(home, Folder(tmp_path / "desk"), folder, cardservice_typed)


def said_in_json(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_desk_is_enrolled_listed_renewed_and_ended(post: Post) -> None:
    request, fingerprint = post.request()
    enrolled = post.at_issuer(
        "pki", "desk", "enrol", request, "--fingerprint", fingerprint, "--as", "Clerk"
    )
    assert f"{NAME}, {CLINIC}: certified to" in enrolled.stdout
    installed = post.at_desk("pki", "desk", "install", post.path("desk.bundle.json"))
    assert f"{NAME} is enrolled to" in installed.stdout
    assert "Rights: read-policy." in installed.stdout

    (listed,) = said_in_json(post.at_issuer("pki", "desk", "list", "--json"))["desks"]
    assert (listed["name"], listed["clinic"], listed["ended"]) == (NAME, CLINIC, None)

    post.at_desk("pki", "desk", "renew", "--out", post.path("next.json"))
    renewed = said_in_json(post.at_issuer("pki", "desk", "enrol", post.path("next.json"), "--json"))
    assert (renewed["sequence"], renewed["holder"]) == ("00002", listed["holder"])
    post.at_desk("pki", "desk", "install", renewed["bundle"])

    ended = post.at_issuer("pki", "desk", "end", NAME, "--reason", "left")
    assert f"{NAME}, {CLINIC}: ended." in ended.stdout
    assert "No desk is enrolled" in post.at_issuer("pki", "desk", "list").stdout
    assert "ended" in post.at_issuer("pki", "desk", "list", "--all").stdout
    post.at_desk("pki", "desk", "renew", "--out", post.path("third.json"))
    refused = post.at_issuer("pki", "desk", "enrol", post.path("third.json"), ok=False)
    assert refused.exit_code == Exit.HOME
    assert "was ended on" in refused.stderr
    assert not (post.folder / "third.bundle.json").exists()


def test_without_a_person_a_first_request_is_refused_with_its_fingerprint(post: Post) -> None:
    request, fingerprint = post.request()
    refused = post.at_issuer("pki", "desk", "enrol", request, ok=False)
    assert refused.exit_code == Exit.HOME
    assert fingerprint in refused.stderr
    assert not (post.folder / "desk.bundle.json").exists()


@pytest.mark.parametrize(("answer", "taken"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_at_a_terminal_is_asked(
    post: Post, monkeypatch: pytest.MonkeyPatch, answer: str, *, taken: bool
) -> None:
    request, fingerprint = post.request()
    monkeypatch.setattr("cardservice.cli.pki_desk._sits_there", lambda: True)
    result = post.typed("pki", "desk", "enrol", request, typed=answer)
    assert fingerprint in result.stderr
    assert (result.exit_code == Exit.OK) is taken
    assert (post.folder / "desk.bundle.json").exists() is taken


def test_a_wrong_fingerprint_is_not_asked_about_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, _ = post.request()
    monkeypatch.setattr("cardservice.cli.pki_desk._sits_there", lambda: True)
    refused = post.at_issuer("pki", "desk", "enrol", request, "--fingerprint", "00", ok=False)
    assert refused.exit_code == Exit.HOME


def test_rights_are_asked_for_at_the_desk_and_given_at_the_issuer(post: Post) -> None:
    request, fingerprint = post.request("--right", "read-policy", "--right", "write-insurer")
    enrol = ("pki", "desk", "enrol", request, "--fingerprint", fingerprint, "--json")
    rights = ("--right", "read-history", "--right", "write-insurer")
    assert said_in_json(post.at_issuer(*enrol, *rights))["rights"] == ["write-insurer"]


def test_the_desks_key_stays_at_the_desk(post: Post) -> None:
    post.enrol()
    assert (post.desk.keys / "desk-00001.key").is_file()
    assert not any(one.name.startswith("desk") for one in post.issuer.keys.iterdir())
    for path in (post.desk.path / "desk").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_request_stays_at_home_unless_it_is_told_where_to_go(post: Post) -> None:
    said = post.at_desk("pki", "desk", "request", "--name", NAME, "--clinic", CLINIC).stdout
    path = Path(said.splitlines()[0].removeprefix("Send it to the issuer: "))
    assert path.parent == post.desk.path / "desk"
    assert json.loads(path.read_bytes())["desk"] == NAME


@pytest.mark.parametrize("days", ["0", "8"])
def test_more_than_a_week_is_wrong_usage(post: Post, days: str) -> None:
    request, fingerprint = post.request()
    enrol = ("pki", "desk", "enrol", request, "--fingerprint", fingerprint, "--days", days)
    assert post.at_issuer(*enrol, ok=False).exit_code == Exit.USAGE


def test_a_file_that_is_too_long_is_not_read(post: Post) -> None:
    path = post.folder / "long.json"
    path.write_bytes(b" " * (MAX_FILE + 1))
    result = post.at_issuer("pki", "desk", "enrol", str(path), ok=False)
    assert result.exit_code == Exit.USAGE


def test_status_says_what_runs_out_and_opens_no_key(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.enrol()
    monkeypatch.delenv("CARDSERVICE_KEY_PASSPHRASE")
    good = said_in_json(post.at_issuer("pki", "status", "--json"))
    assert good["good"] is True
    assert {one["state"] for one in good["items"]} == {"ok"}
    printed = post.at_issuer("pki", "status").stdout
    assert f"✔ desk {NAME}, {CLINIC}" in printed
    assert "✔ this desk RU" in post.at_desk("pki", "status").stdout
    TerminalFolder(post.issuer.path).cvca.unlink()
    bad = post.at_issuer("pki", "status", ok=False)
    assert bad.exit_code == Exit.NOT_ALL_GOOD
    assert "✘ CVCA" in bad.stdout
    assert "→ cardservice pki cvca create" in bad.stdout
    assert post.at_issuer("pki", "status", "--json", ok=False).exit_code == Exit.NOT_ALL_GOOD


def test_a_cvca_is_made_once_and_rolled_over(post: Post) -> None:
    shutil.rmtree(post.issuer.path / "terminals")
    made = post.at_issuer("pki", "cvca", "create").stdout.splitlines()
    assert [one.split()[0] for one in made] == ["CVCA", "document"]
    assert post.at_issuer("pki", "cvca", "create", ok=False).exit_code == Exit.HOME
    post.at_issuer("pki", "cvca", "rollover")
    assert len(load_trust(post.issuer).links) == 1


def test_the_verifier_is_renewed_for_ninety_days_at_most(post: Post) -> None:
    assert "RUDV0000000002" in post.at_issuer("pki", "dv", "renew", "--days", "30").stdout
    result = post.at_issuer("pki", "dv", "renew", "--days", "91", ok=False)
    assert result.exit_code == Exit.USAGE


def test_pki_renew_renews_the_verifier_too_when_it_is_due(post: Post) -> None:
    post.at_issuer("pki", "dv", "renew", "--days", "10")
    done = post.at_issuer("pki", "renew").stdout.splitlines()
    assert done[0] == "revocation list 2 issued"
    assert done[1].startswith("document verifier RUDV0000000003 made")


def test_the_root_is_rolled_over_with_a_link_and_signs_from_then_on(post: Post) -> None:
    old = post.issuer.root.read_bytes()
    said = post.at_issuer("pki", "root", "rollover").stdout.splitlines()
    assert [line.split(",")[0] for line in said] == ["root made", "link to it made"]
    found = read_anchors(post.issuer)
    assert (found.former, len(found.links)) == ((old,), 1)
    assert "revocation list 2 issued" in post.at_issuer("pki", "renew").stdout
    trust = open_trust(post.issuer, production=False)
    assert trust.add_revocations(post.issuer.revocations.read_bytes()).number == 2


@dataclass(frozen=True)
class Keys:
    """Two persons, each with a private and a public file."""

    folder: Path

    def make(self, name: str) -> tuple[str, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        private, public = self.folder / f"{name}.key", self.folder / f"{name}.pem"
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public.write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        return str(private), str(public)


@pytest.fixture
def persons(post: Post) -> tuple[str, ...]:
    anna, ivan = (Keys(post.folder).make(name) for name in ("anna", "ivan"))
    return "--person", "Anna", anna[1], "--person", "Ivan", ivan[1]


def test_a_ceremony_is_held_signed_by_two_and_checked(post: Post, persons: tuple[str, ...]) -> None:
    held = post.at_issuer("pki", "ceremony", "rollover", *persons, "--place", "Room 7")
    (place,) = ceremonies(post.issuer)
    assert (place / TEXT).read_text() in held.stdout
    assert held.stdout.count("_" * 32) == 2
    open_ = post.at_issuer("pki", "ceremony", "check", ok=False)
    assert open_.exit_code == Exit.NOT_ALL_GOOD
    assert '? Ivan did not sign: cardservice pki ceremony sign --as "Ivan"' in open_.stdout
    for name in ("Anna", "Ivan"):
        key = post.path(f"{name.lower()}.key")
        post.at_issuer("pki", "ceremony", "sign", "--as", name, "--key", key)
    found = said_in_json(post.at_issuer("pki", "ceremony", "check", place.name, "--json"))
    assert (found["complete"], found["signed"]) == (True, ["Anna", "Ivan"])
    assert "✔ signed by Ivan" in post.at_issuer("pki", "ceremony", "check").stdout
    (place / TEXT).write_text("something else")
    assert "✘" in post.at_issuer("pki", "ceremony", "check", ok=False).stdout


def test_a_home_and_a_cvca_are_founded_in_ceremonies(
    post: Post, persons: tuple[str, ...], tmp_path: Path
) -> None:
    new = Post(Folder(tmp_path / "new"), post.desk, post.folder, post.typed)
    new.at_issuer("pki", "ceremony", "home", "--fund", "45001", *persons)
    assert new.issuer.marker.is_file()
    shutil.rmtree(new.issuer.path / "terminals")
    new.at_issuer("pki", "ceremony", "cvca", *persons, "--witness", "Oleg")
    assert len(ceremonies(new.issuer)) == 2
    again = new.at_issuer("pki", "ceremony", "cvca", *persons, ok=False)
    assert again.exit_code == Exit.HOME
    assert len(ceremonies(new.issuer)) == 3


def test_a_root_is_rolled_over_in_a_ceremony_whose_transcript_names_all_that_was_made(
    post: Post, persons: tuple[str, ...]
) -> None:
    post.at_issuer("pki", "ceremony", "root", *persons)
    (place,) = ceremonies(post.issuer)
    (link,) = post.issuer.root.parent.glob("link-*.der")
    (former,) = post.issuer.root.parent.glob("former-*.der")
    said = (place / TEXT).read_text().replace(" ", "")
    for made in ("root-20", link.name, former.name):
        assert made in said


def test_one_person_holds_no_ceremony(post: Post, persons: tuple[str, ...]) -> None:
    before = sorted(post.issuer.keys.iterdir())
    twice = (*persons[:3], *persons[:3])
    for present in (persons[:3], twice, (*persons[:3], "--person", "Ivan", persons[2])):
        refused = post.at_issuer("pki", "ceremony", "rollover", *present, ok=False)
        assert refused.exit_code == Exit.USAGE
    assert sorted(post.issuer.keys.iterdir()) == before


def test_a_signature_is_made_here_or_elsewhere(post: Post, persons: tuple[str, ...]) -> None:
    post.at_issuer("pki", "ceremony", "rollover", *persons)
    sign = ("pki", "ceremony", "sign", "--as", "Anna")
    key = ("--key", post.path("anna.key"))
    for wrong in ((), (*key, "--signature", post.path("anna.pem"))):
        assert post.at_issuer(*sign, *wrong, ok=False).exit_code == Exit.USAGE
    signature = post.at_issuer(*sign, *key).stdout.removeprefix("Signed: ").strip()
    shutil.move(signature, post.path("anna.sig"))
    post.at_issuer(*sign, "--signature", post.path("anna.sig"))
    wrong_key = post.at_issuer(*sign, "--key", post.path("ivan.key"), ok=False)
    assert wrong_key.exit_code == Exit.HOME


COMMANDS = [
    ("status",),
    ("renew",),
    ("cvca", "create"),
    ("cvca", "rollover"),
    ("dv", "renew"),
    ("desk", "list"),
    ("desk", "end", "x", "--reason", "y"),
    ("ceremony", "check"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_home_one_line_says_how_to_make_one(
    command: tuple[str, ...], cardservice_typed: Type
) -> None:
    result = cardservice_typed("pki", *command)
    assert result.exit_code == Exit.HOME
    assert result.stderr.endswith("make one with: cardservice init\n")
    assert result.stderr.count("\n") == 1


def test_a_login_without_a_name_is_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError(os.getuid())

    lookup: Callable[[], str] = nobody
    monkeypatch.setattr("getpass.getuser", lookup)
    assert pki_stores.who("Anna") == "Anna"
    with pytest.raises(UsageError, match="--as NAME"):
        pki_stores.who(None)


def test_who_writes_the_register_of_desks_waits_for_the_turn(post: Post) -> None:
    request, fingerprint = post.request()
    asked = ("pki", "desk", "enrol", request, "--fingerprint", fingerprint, "--as", "Clerk")
    done = Event()

    def enrol() -> None:
        post.at_issuer(*asked)
        done.set()

    with alone(post.issuer.path / TERMINALS):
        thread = Thread(target=enrol)
        thread.start()
        assert not done.wait(0.3)
    thread.join(30)
    assert done.is_set()
