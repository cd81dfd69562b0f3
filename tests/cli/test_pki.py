"""An issuer and a desk as processes: enrolment, the tap, renewal, the end."""

import json
from pathlib import Path

from tests.cli.processes import Shell

PASSPHRASES = ("of the issuer", "of the desk")


def test_a_desk_is_enrolled_renewed_and_ended(tmp_path: Path) -> None:
    homes = [tmp_path / "issuer", tmp_path / "clinic"]
    issuer, desk = (
        Shell(
            tmp_path,
            {
                "CARDSERVICE_HOME": str(home),
                "CARDSERVICE_KEY_PASSPHRASE": passphrase,
                "CARDSERVICE_LANGUAGE": "en",
            },
        )
        for home, passphrase in zip(homes, PASSPHRASES, strict=True)
    )
    pki = ("pki", "desk")
    assert issuer.run("init").returncode == 0
    name = ("--name", "Reception 1", "--clinic", "Clinic 4")
    asked = desk.run(*pki, "request", *name, "--out", "desk.json")
    assert (asked.returncode, asked.stderr) == (0, "")
    fingerprint = asked.stdout.partition("Fingerprint: ")[2].strip()

    unasked = issuer.run(*pki, "enrol", "desk.json")
    assert (unasked.returncode, fingerprint in unasked.stderr) == (5, True)
    enrolled = issuer.run(*pki, "enrol", "desk.json", "--fingerprint", fingerprint, "--as", "Clerk")
    assert (enrolled.returncode, enrolled.stderr) == (0, "")
    installed = desk.run(*pki, "install", "desk.bundle.json")
    assert (installed.returncode, "is enrolled to" in installed.stdout) == (0, True)

    assert desk.run(*pki, "renew", "--out", "next.json").returncode == 0
    renewed = issuer.run(*pki, "enrol", "next.json", "--as", "Clerk", "--json")
    assert json.loads(renewed.stdout)["sequence"] == "00002"
    assert desk.run(*pki, "install", "next.bundle.json").returncode == 0
    assert issuer.run("pki", "status").returncode == desk.run("pki", "status").returncode == 0

    ended = issuer.run(*pki, "end", "Reception 1", "--reason", "left", "--as", "Clerk")
    assert ended.returncode == 0
    assert desk.run(*pki, "renew", "--out", "last.json").returncode == 0
    refused = issuer.run(*pki, "enrol", "last.json", "--as", "Clerk")
    assert (refused.returncode, "was ended on" in refused.stderr) == (5, True)
    printed = [asked, unasked, enrolled, installed, renewed, ended, refused]
    assert not any(one in run.stdout + run.stderr for run in printed for one in PASSPHRASES)
