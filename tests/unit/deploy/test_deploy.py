"""What an operator installs: units, image, compose file, proxy, alerts, checked by our own rules.

None of it was run by these tests, but for systemd's own reading of the units where it is there.
"""

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from cardservice.domain.verdict import Outcome, Reason
from cardservice.web.clinics import app
from cardservice.web.metrics import Metrics
from scripts import deploy_check
from scripts.deploy_check import (
    DEPLOY,
    HARDENING,
    PROGRAM,
    command_faults,
    container_faults,
    faults,
    proxy_faults,
    text_faults,
    unit_faults,
)

yaml: Any = import_module("yaml")  # without types; a part of the tests' own tools
SYSTEMD = DEPLOY / "systemd"
UNITS = sorted(one.name for one in SYSTEMD.iterdir())
OFFICE = (SYSTEMD / "cardservice-office.service").read_text(encoding="utf-8")
IMAGE = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8")
PROXY = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def compose() -> dict[str, Any]:
    text = (DEPLOY / "container" / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_nothing_is_wrong_with_what_is_deployed(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(faults()) == []
    assert deploy_check.main() == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", UNITS)
def test_systemd_reads_each_unit_without_a_word(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:  # then our own rules above are all there is
        assert list(unit_faults(name, (SYSTEMD / name).read_text(encoding="utf-8"))) == []
        return
    for unit in UNITS:
        text = (SYSTEMD / unit).read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit).write_text(text, encoding="utf-8")
    instance = name.replace("@.", "@8061.")
    told = subprocess.run(
        [analyze, "verify", str(tmp_path / instance)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    ours = [one for one in told.stderr.splitlines() if "cardservice" in one]
    assert ours == []


@pytest.mark.parametrize("key", sorted(HARDENING))
def test_a_unit_without_its_hardening_is_found(key: str) -> None:
    loose = re.sub(rf"(?m)^{key}=.*\n", "", OFFICE)
    assert loose != OFFICE
    assert any(key in one for one in unit_faults("a.service", loose))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("User=cardservice", "User=root"),
        ("User=cardservice", "User=cardservice\nReadWritePaths=/var/backups/cardservice"),
        ("[Install]", "[Instal]"),
        ("Restart=on-failure", "Restarts=on-failure"),
        ("office serve", "office serves"),
        ("office serve", "office serve --portt 1"),
        (
            "Environment=CARDSERVICE_HOME=/var/lib/cardservice",
            "Environment=CARDSERVICE_KEY_PASSPHRASE=x",
        ),
    ],
)
def test_a_spoiled_unit_is_found(before: str, after: str) -> None:
    spoiled = OFFICE.replace(before, after)
    assert spoiled != OFFICE
    assert list(unit_faults("a.service", spoiled)) != []


@pytest.mark.parametrize(
    "line", ["/bin/sh -c true", f"{PROGRAM}", f"{PROGRAM} clinics", f"{PROGRAM} nothing"]
)
def test_a_command_that_is_none_of_ours_is_found(line: str) -> None:
    assert list(command_faults(line)) != []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ARG BASE", "ARG BASE=python:latest"),
        ("FROM ${BASE}\n", "FROM python:3.11\n"),
        ("USER 10001:10001", "USER 0"),
        ("USER 10001:10001\n", ""),
        ("COPY cardservice", "ADD cardservice"),
        (', "--require-hashes"', ""),
        ("ENV CARDSERVICE_HOME", "ENV CARDSERVICE_KEY_PASSPHRASE=x CARDSERVICE_HOME"),
        ('CMD ["clinics", "serve"]', "CMD clinics serve"),
        ("STOPSIGNAL SIGTERM\n", ""),
    ],
)
def test_a_spoiled_image_is_found(before: str, after: str) -> None:
    spoiled = IMAGE.replace(before, after)
    assert spoiled != IMAGE
    assert list(container_faults(spoiled)) != []


def test_the_image_starts_a_command_that_there_is() -> None:
    command = re.findall(r'(?m)^CMD \["(.*)"\]$', IMAGE)[-1].replace('", "', " ")
    assert list(command_faults(f"{PROGRAM} {command}")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"status":$status', '"uri":"$request_uri"'),
        ("TLSv1.2 TLSv1.3", "TLSv1.1 TLSv1.3"),
        ("location = /metrics { return 404; }", ""),
        ("listen 443 ssl;", "listen 80;"),
        ("        client_max_body_size 256k;\n", ""),
        ("http {", "http {{"),
    ],
)
def test_a_spoiled_proxy_is_found(before: str, after: str) -> None:
    spoiled = PROXY.replace(before, after)
    assert spoiled != PROXY
    assert list(proxy_faults(spoiled)) != []


@pytest.mark.parametrize("line", ["image: registry.example.com/x", "-----BEGIN PRIVATE KEY-----"])
def test_hosts_of_others_and_keys_are_found_in_any_file(line: str) -> None:
    assert list(text_faults(line)) != []


def test_services_of_the_compose_file_have_nothing_to_spare() -> None:
    made = compose()
    for name, service in made["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert re.fullmatch(r"\$\{[A-Z_]+:\?.+\}", service["image"]), name
        assert "privileged" not in service, name
    assert made["services"]["clinics"]["read_only"] is True
    assert made["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", ["office", "clinics"])
def test_the_compose_file_starts_commands_that_there_are(name: str) -> None:
    command = " ".join(compose()["services"][name]["command"])
    assert list(command_faults(f"{PROGRAM} {command}")) == []


def test_each_alert_asks_for_figures_that_there_are() -> None:
    metrics = Metrics()
    told = metrics.text().decode() + "up{"
    for rule in RULES:
        for name in re.findall(r"cardservice_[a-z_]+", rule["expr"].replace("cardservice-", "")):
            family = re.sub(r"_(total|bucket)$", "", name)
            assert f" {family}" in told, (rule["alert"], name)


def test_each_label_that_an_alert_names_is_one_of_ours() -> None:
    routes = {one.name for _, router in app.ROUTERS for one in iter_route_contexts(router.routes)}
    outcomes = {one.value for one in Outcome} | {"none"}
    known: dict[str, set[Any]] = {
        "route": routes,
        "outcome": outcomes,
        "reason": {one.value for one in Reason},
    }
    named = [found for rule in RULES for found in re.findall(r'(\w+)="([^"]+)"', rule["expr"])]
    assert named
    for label, value in named:
        assert label not in known or value in known[label], value


def test_each_alert_is_explained_to_whom_it_wakes() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    assert [rule["alert"] for rule in RULES if f"`{rule['alert']}`" not in text] == []
    assert all(rule["labels"]["severity"] in {"page", "ticket"} for rule in RULES)


def test_an_alert_of_what_is_rare_wakes_at_the_first_of_its_kind() -> None:
    # A counter with labels begins at one: nothing before it says that it grew.
    rare = {
        "SignOfAbuse": "cardservice_signs_total",
        "CopiedChipRead": "cardservice_verdicts_total",
    }
    for rule in (one for one in RULES if one["alert"] in rare):
        series = rf"{rare.pop(rule['alert'])}(?:\{{[^}}]*\}})?"
        assert re.search(rf"increase\({series}\[1h\]\)", rule["expr"]), rule
        assert re.search(rf"{series}\s+unless {series} offset 1h\)", rule["expr"]), rule
    assert rare == {}


def test_the_threshold_of_the_list_is_that_of_readiness() -> None:
    (rule,) = [one for one in RULES if one["alert"] == "ListOld"]
    assert rule["expr"].endswith("> 5400")
