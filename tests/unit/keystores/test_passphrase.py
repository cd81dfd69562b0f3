"""Where the passphrase comes from."""

import pytest

from cardservice.keystores.passphrase import VARIABLE, passphrase_from
from cardservice.pki.keys import KeyStoreError


def never(question: str) -> str:
    raise AssertionError(f"asked: {question}")


def test_the_environment_comes_first() -> None:
    assert passphrase_from({VARIABLE: "from the variable"}, prompt=never)() == "from the variable"


def test_without_the_variable_a_person_is_asked() -> None:
    assert passphrase_from({}, prompt=lambda question: f"to {question}")().startswith("to Pass")


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}])
def test_with_neither_the_remedy_names_the_variable(environment: dict[str, str]) -> None:
    source = passphrase_from(environment)
    with pytest.raises(KeyStoreError, match=VARIABLE):
        source()


def test_an_empty_answer_is_no_passphrase() -> None:
    source = passphrase_from({}, prompt=lambda _: "")
    with pytest.raises(KeyStoreError, match="no passphrase"):
        source()


def test_nothing_is_asked_before_it_is_needed() -> None:
    assert callable(passphrase_from({}, prompt=never))
