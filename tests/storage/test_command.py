"""``cardservice database``, as a person uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench.registry_cluster import Cluster
from cardservice.cli.database import database as command
from cardservice.storage.engine import open_database
from tests.storage import samples as make


def run(*arguments: str, home: Path, url: str = "") -> Result:
    environment = {"CARDSERVICE_HOME": str(home), "CARDSERVICE_DATABASE": url}
    return CliRunner().invoke(command, arguments, env=environment)


def test_a_database_moves_from_sqlite_to_postgresql(cluster: Cluster, tmp_path: Path) -> None:
    archive = str(tmp_path / "office.zip")
    assert "just made" in run("migrate", home=tmp_path).output
    assert "as before" in run("migrate", home=tmp_path).output
    person = make.person()
    with open_database(f"sqlite:///{tmp_path}/registry.sqlite3") as opened:
        opened.transaction(lambda work: work.people.add(person), region=make.REGION)
    assert run("backup", archive, home=tmp_path).exit_code == 0
    assert "Whole: 1 rows" in run("check", archive, home=tmp_path).output
    manifest = json.loads(run("check", archive, "--json", home=tmp_path).stdout)
    assert manifest["source"] == "sqlite"
    url = cluster.create("moved")
    assert "Restored: 1 rows" in run("restore", archive, home=tmp_path, url=url).output
    with open_database(url) as opened, opened.reading() as work:
        assert work.people.get(person.region, person.id) == person
    cluster.drop("moved")


def test_status_tells_what_to_do_and_exits_with_1(tmp_path: Path) -> None:
    answer = run("status", home=tmp_path)
    assert answer.exit_code == 1
    assert "cardservice database migrate" in answer.output
    assert json.loads(run("status", "--json", home=tmp_path).output)["good"] is False
    run("migrate", home=tmp_path)
    assert run("status", home=tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "url", "code"),
    [
        (("backup", "a.zip"), "", 5),  # no tables yet
        (("migrate",), "mysql://u:s3cret@h/d", 2),
        (("check", __file__), "", 5),
        (("restore", __file__), "", 5),
        (("restore", "/nowhere/a.zip"), "", 2),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_status(
    arguments: tuple[str, ...], url: str, code: int, tmp_path: Path
) -> None:
    answer = run(*arguments, home=tmp_path, url=url)
    assert answer.exit_code == code
    assert "s3cret" not in answer.output
    assert "Traceback" not in answer.output
