"""``./run``: one command for everything, also where PC/SC cannot be had."""

import pytest

from tests.scripts.workshop import Workshop


@pytest.mark.parametrize(
    ("arguments", "started"),
    [
        ((), "cardservice serve --demo"),
        (("tour", "--count", "3"), "cardservice tour --count 3"),
        (("cardsim", "readers"), "cardsim readers"),
        (("bench", "tour.sim"), "python -P -m bench tour.sim"),
        (("--help",), "cardservice --help"),
    ],
)
def test_it_starts_what_it_was_asked_for(
    workshop: Workshop, arguments: tuple[str, ...], started: str
) -> None:
    status, printed, _ = workshop.run(*arguments)
    assert (status, printed) == (0, f"{started}\n")


def test_a_second_run_says_nothing_of_its_own(workshop: Workshop) -> None:
    workshop.run("tour")
    assert workshop.run("tour") == (0, "cardservice tour\n", "")


def test_without_root_and_packages_it_goes_on_with_simulated_readers(workshop: Workshop) -> None:
    workshop.install("python3-venv")
    status, printed, said = workshop.run("tour")
    assert (status, printed) == (0, "cardservice tour\n")
    assert "Missing: python3-dev pcscd" in said
    assert "Setting up requirements.lock" in said
    assert "requirements-pcsc.lock" not in said


def test_where_nothing_can_be_installed_it_ends_with_an_error(workshop: Workshop) -> None:
    workshop.put("fail")
    status, printed, said = workshop.run("tour")
    assert status != 0
    assert printed == ""
    assert "Going on without PC/SC readers" in said
