import pytest

from cardservice.conformance.known import Known
from cardservice.conformance.recording import Exchange
from cardservice.conformance.script import needs_of, play
from cardservice.conformance.terminal import Terminal
from cardservice.conformance.terms import CaseFailedError, Interface, Need, Stage
from tests.unit.conformance.doubles import ScriptedLink


def terminal(answer: str, said: list[Exchange] | None = None) -> tuple[Terminal, ScriptedLink]:
    link = ScriptedLink(lambda _: bytes.fromhex(answer))
    record = (said if said is not None else []).append
    known = Known(pin="1234", puk="12345678")
    return Terminal(link, known, Interface.CONTACT, Stage.PERSONALIZED, record), link


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("9000", "AA9000"),
        ("9000 AA", "AA9000"),
        ("9000 AA*", "AABB9000"),
        ("9000 #2", "AABB9000"),
        ("9000 -", "9000"),
        ("6A82|6985", "6985"),
    ],
)
def test_an_answer_as_expected_holds(expected: str, answer: str) -> None:
    one, link = terminal(answer)
    play(one, f"00CADF0100 > {expected}")
    assert link.asked == [bytes.fromhex("00CADF0100")]


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("9000", "6985"),
        ("9000 AA", "AB9000"),
        ("9000 AA*", "BBAA9000"),
        ("9000 #2", "AA9000"),
        ("9000 -", "AA9000"),
        ("9000", "90"),
        ("6110", "6110"),
        ("6C10", "6C10"),
    ],
)
def test_any_other_answer_fails(expected: str, answer: str) -> None:
    one, _ = terminal(answer)
    with pytest.raises(CaseFailedError):
        play(one, f"00CADF0100 > {expected}")


def test_places_are_filled_and_never_shown() -> None:
    said: list[Exchange] = []
    one, link = terminal("63C2", said)
    with pytest.raises(CaseFailedError) as failed:
        play(one, "0020000108{pin} > 9000")
    assert link.asked == [bytes.fromhex("0020000108 31323334FFFFFFFF")]
    assert "3132" not in f"{failed.value}{said}"


def test_what_a_script_needs_is_found_in_it() -> None:
    assert needs_of("pace; 0020000108{pin} > 9000") == {Need.CAN, Need.PIN}
    assert needs_of("root; 00CADF0100 > 9000") == frozenset()


def test_an_unknown_word_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no preparation"):
        needs_of("somewhere")
