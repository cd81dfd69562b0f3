"""What runs out when: of the issuer, of its desks, of this desk."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.home.folder import Folder
from cardservice.home.terminals import end_desk
from cardservice.home.terminals_authority import CVCA_DAYS
from cardservice.home.terminals_register import Ground
from cardservice.home.terminals_status import Freshness, StatusItem, status
from cardservice.home.trust_points import TerminalFolder
from tests.chain import START
from tests.unit.home.desks import WISH, Desk, days, new_desk

OK, DUE, EXPIRED, MISSING = Freshness


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path)


def items(folder: Folder, at: datetime = START) -> dict[str, StatusItem]:
    return {one.name.split()[0]: one for one in status(folder, at=at)}


def test_everything_of_a_new_home_is_fresh(desk: Desk) -> None:
    found = items(desk.issuer.folder)
    assert list(found) == ["root", "revocation", "signing", "document", "CVCA"]
    assert {one.state for one in found.values()} == {OK}
    assert {one.remedy for one in found.values()} == {None}
    assert [one.name for one in status(desk.issuer.folder, at=START)][2:] == [
        "signing by the root",
        "document signer",
        "CVCA RUCVCA7700100001",
        "document verifier RUDV7700100001",
    ]


@pytest.mark.parametrize(
    ("name", "after", "state", "remedy"),
    [
        ("revocation list", 1, OK, None),
        ("revocation list", 3, DUE, "cardservice pki renew"),
        ("revocation list", 8, EXPIRED, "cardservice pki renew"),
        ("document signer", 80, DUE, "cardservice pki renew"),
        ("document verifier RUDV7700100001", 75, OK, None),
        ("document verifier RUDV7700100001", 77, DUE, "cardservice pki dv renew"),
        ("document verifier RUDV7700100001", 90, EXPIRED, "cardservice pki dv renew"),
        ("CVCA RUCVCA7700100001", CVCA_DAYS - 181, OK, None),
        ("CVCA RUCVCA7700100001", CVCA_DAYS - 179, DUE, "cardservice pki ceremony rollover"),
        ("signing by the root", 4 * 365 - 1, OK, None),
        ("signing by the root", 4 * 365 + 2, DUE, "cardservice pki ceremony root"),
        (
            "signing by the root",
            5 * 365 + 3,
            EXPIRED,
            "make the next root in a new home, and bring it to every desk",
        ),
        ("root", 24 * 365, OK, None),
        ("root", 25 * 365, DUE, "make the next root in a new home, and bring it to every desk"),
    ],
)
def test_what_is_due_is_told_before_it_runs_out(
    desk: Desk, name: str, after: int, state: Freshness, remedy: str | None
) -> None:
    (item,) = (
        one for one in status(desk.issuer.folder, at=START + days(after)) if one.name == name
    )
    assert (item.state, item.remedy) == (state, remedy)


def test_a_home_without_a_cvca_says_how_to_make_one(desk: Desk) -> None:
    TerminalFolder(desk.issuer.folder.path).cvca.unlink()
    item = items(desk.issuer.folder)["CVCA"]
    assert (item.state, item.until) == (MISSING, None)
    assert item.remedy == "cardservice pki cvca create"


def test_desks_are_listed_until_they_are_ended(desk: Desk) -> None:
    desk.enrol()
    name = f"desk {WISH.desk}, {WISH.clinic}"
    item = items(desk.issuer.folder, START + days(5))["desk"]
    assert (item.name, item.state) == (name, DUE)
    ground = Ground(by="Clerk", at=START, reason="left")
    end_desk(desk.issuer.folder, WISH.desk, ground)
    assert "desk" not in items(desk.issuer.folder)


def test_a_desk_sees_its_own_certificate_and_nothing_of_the_issuer(desk: Desk) -> None:
    desk.enrol()
    (item,) = status(desk.folder, at=START)
    assert item.name.startswith("this desk RU")
    assert (item.state, item.until) == (OK, datetime(2026, 11, 7, 23, 59, 59, tzinfo=UTC))
    (late,) = status(desk.folder, at=START + days(7))
    assert (late.state, late.remedy) == (EXPIRED, "cardservice pki desk renew")


def test_a_desk_with_the_anchors_of_its_issuer_is_not_asked_for_a_cvca(desk: Desk) -> None:
    desk.enrol()
    here, there = desk.folder, desk.issuer.folder
    for name in ("home.json", "trust/root.der", "trust/revocations.der"):
        (here.path / name).parent.mkdir(exist_ok=True)
        (here.path / name).write_bytes((there.path / name).read_bytes())
    assert [one.name.split()[0] for one in status(here, at=START)] == ["root", "revocation", "this"]


def test_a_folder_that_is_no_home_has_no_status(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        status(Folder(tmp_path), at=START)
    assert refusal.value.code == "no-home"


@pytest.mark.parametrize("name", ["root", "revocations", "signer"])
def test_a_damaged_file_is_told(desk: Desk, name: str) -> None:
    path: Path = getattr(desk.issuer.folder, name)
    path.write_bytes(b"\x30\x00")
    with pytest.raises(Refusal) as refusal:
        status(desk.issuer.folder, at=START)
    assert refusal.value.code == "home-damaged"
