"""A station's day with real processes: a home, a card in a file, a verdict, a renewal."""

import json
import re
from pathlib import Path

from cardservice.channel.pace_password import CAN_LEN
from cardservice.personalization.contents import PIN_DIGITS, PUK_DIGITS
from tests.cli.processes import CARDSIM, Shell
from tests.shared import SHARED
from tests.unit.papers.pdf_reading import opened as opened_pdf
from tests.unit.papers.pdf_reading import text_of

HOLDERS = str(SHARED / "data" / "holders.csv")
ENP, OTHER_ENP = "0058000844000019", "0050610893000021"
PASSPHRASE = "correct horse"  # noqa: S105 - of a home that lives as long as its test


def test_a_card_is_made_verified_shown_and_its_home_renewed(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("init", "--demonstration").returncode == 0
    assert shell.run("new", "anna.card", program=CARDSIM).returncode == 0
    blank = shell.run("card", "show", "--reader", "sim:anna.card")
    assert "blank" in blank.stdout

    reader = ("--reader", "sim:anna.card")
    letters = ("--letters", "letters")
    faces = {"CARDSERVICE_FACE_PRINTER": f"folder:{tmp_path / 'faces'}"}
    made = shell.run("personalize", "--holders", HOLDERS, "--enp", ENP, *reader, *letters, **faces)
    assert (made.returncode, made.stderr) == (0, "")
    (letter,), (face,) = ((tmp_path / one).iterdir() for one in ("letters", "faces"))
    (can,) = _numbers(face, CAN_LEN)
    secrets = {can, *_numbers(letter, PIN_DIGITS), *_numbers(letter, PUK_DIGITS)}
    assert len(secrets) == 3

    verified = shell.run("verify", *reader, "--json")
    assert (verified.returncode, json.loads(verified.stdout)["outcome"]) == (0, "valid")
    opened = shell.run("verify", *reader, "--json", "--can", typed=f"{can}\n")
    assert (opened.returncode, "pace" in json.loads(opened.stdout)["ran"]) == (0, True)
    shown = shell.run("card", "show", *reader)
    assert (shown.returncode, face.stem in shown.stdout) == (0, True)

    renewed = shell.run("pki", "renew")
    assert (renewed.returncode, renewed.stdout) == (0, "revocation list 2 issued\n")
    assert shell.run("verify", *reader).returncode == 0

    again = shell.run("personalize", "--holders", HOLDERS, "--enp", ENP, *reader)
    assert (again.returncode, "made for it before" in again.stderr) == (0, True)
    used = shell.run("personalize", "--holders", HOLDERS, "--enp", OTHER_ENP, *reader)
    assert (used.returncode, "used already" in used.stderr) == (5, True)

    wrong = shell.run("pki", "renew", CARDSERVICE_KEY_PASSPHRASE="wrong horse")  # noqa: S106
    assert (wrong.returncode, "wrong passphrase" in wrong.stderr) == (5, True)

    everything = [blank, made, verified, opened, shown, renewed, again, used, wrong]
    printed = "".join(one.stdout + one.stderr for one in everything)
    assert secrets.isdisjoint(re.findall(r"\w+", printed))
    assert not any(passphrase in printed for passphrase in (PASSPHRASE, "wrong horse"))
    errors = "".join(one.stderr for one in everything)
    assert not any(private in errors for private in (ENP, "Цветков", "Traceback"))


def test_the_keys_of_a_new_home_are_for_its_owner_alone(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("init").returncode == 0
    home = tmp_path / "home"
    private = [home / "keys", *(home / "keys").iterdir(), home / "home.json"]
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []


def _numbers(document: Path, length: int) -> set[str]:
    """Return what stands alone on a line of a printed paper, in so many digits."""
    with opened_pdf(document.read_bytes()) as pdf:
        lines = text_of(pdf).splitlines()
    return {line for line in lines if re.fullmatch(rf"\d{{{length}}}", line)}
