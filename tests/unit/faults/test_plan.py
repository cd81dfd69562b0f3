"""Plans as Python, as mappings, as JSON and as TOML."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from simulators.faults import (
    FAULTS_MAX,
    KINDS,
    CutPower,
    Delay,
    Fault,
    FaultPlan,
    GiveAnswer,
    LoseInsertion,
    Moment,
    Mute,
    PullCard,
    Since,
    Truncate,
    When,
    WrongAtr,
    parse_json,
    parse_toml,
)
from simulators.reader.errors import ReaderSetupError
from tests.unit.faults.stage import mapping_of
from tests.unit.faults.strategies import plans, toml_of

CUT = {"what": "power-cut"}


def _refusal(content: object) -> str:
    with pytest.raises(ReaderSetupError) as caught:
        FaultPlan.from_mapping(content)
    return f"{caught.value}: {caught.value.remedy}"


@given(plans())
@settings(max_examples=150, deadline=None)
def test_a_plan_is_the_same_as_mapping_as_json_and_as_toml(plan: FaultPlan) -> None:
    mapping = plan.as_mapping()
    assert FaultPlan.from_mapping(mapping) == plan
    assert parse_json(json.dumps(mapping)) == plan
    assert parse_toml(toml_of(mapping)) == plan


def test_what_is_as_usual_is_not_written() -> None:
    plan = FaultPlan((Fault(Mute()), Fault(Delay(ms=5), When(nth=2, since=Since.RESET))))
    assert plan.as_mapping() == {
        "faults": [
            {"what": "mute"},
            {"what": "delay", "ms": 5, "when": {"nth": 2, "since": "reset"}},
        ]
    }


def test_spaces_and_small_letters_in_octets_and_headers_do_not_count() -> None:
    when = {"header": "00 a4 04 **"}
    plan = FaultPlan.from_mapping(mapping_of(what="answer", octets="c0 ff ee", when=when))
    assert plan.faults == (Fault(GiveAnswer(octets=b"\xc0\xff\xee"), When(header="00A404**")),)


def test_what_a_header_leaves_out_is_any() -> None:
    assert When.from_mapping({"header": "00 A4"}) == When(header="00A4****")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ([], "this is no table: give names with values"),
        ({}, "faults is missing or no list: give [[faults]] tables, or a list in JSON"),
        ({"fault": []}, "'fault' is unknown here: the names here are: about, seed, faults"),
        ({"faults": {}}, "faults is missing or no list: give [[faults]] tables, or a list in JSON"),
        ({"faults": [7]}, "fault 1: this is no table: give names with values"),
        (
            {"faults": [CUT, {}]},
            "fault 2: what is missing: give a kind of fault: `cardsim faults` lists what there is",
        ),
        (
            mapping_of(what="meteor"),
            "fault 1: what: 'meteor' is no kind of fault: `cardsim faults` lists what there is",
        ),
        (
            mapping_of(what=["mute"]),
            (
                "fault 1: what: a name that is no text is no kind of fault: "
                "`cardsim faults` lists what there is"
            ),
        ),
        (
            mapping_of(what="truncate"),
            "fault 1: truncate: keep is missing: give a whole number from 0 to 65538",
        ),
        (
            mapping_of(what="mute", comands=2),
            (
                "fault 1: mute: 'comands' is unknown here: "
                "the names here are: commands, until_reset, executed"
            ),
        ),
        (
            mapping_of(what="mute", commands=0),
            "fault 1: mute: commands is wrong: give a whole number from 1 to 1000000000",
        ),
        (
            mapping_of(what="get-response", ms=1),
            "fault 1: get-response: 'ms' is unknown here: the names here are: none",
        ),
        (
            mapping_of(what="mute", when=3),
            "fault 1: when: this is no table: give names with values",
        ),
        (
            mapping_of(what="mute", when={"probability": 0}),
            "fault 1: when: probability is wrong: give a number over 0, at most 1",
        ),
        (
            mapping_of(what="mute", commands=2, until_reset=True),
            "fault 1: mute: commands does not go with until_reset: leave out one of them",
        ),
        ({"faults": [], "seed": -1}, "seed is wrong: give a whole number from 0 to 92233"),
        ({"faults": [], "about": "a\nb"}, "about is wrong: give one line of at most 200"),
    ],
)
def test_a_bad_plan_is_one_line_with_the_place_and_a_remedy(content: object, line: str) -> None:
    assert _refusal(content).startswith(line)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("commands", True),
        ("commands", 1.0),
        ("commands", "1"),
        ("commands", None),
        pytest.param("commands", 10**5000, id="endless"),
        ("until_reset", 1),
        ("until_reset", "true"),
    ],
)
def test_a_value_of_another_type_is_refused(parameter: str, value: object) -> None:
    assert f"fault 1: mute: {parameter} is wrong" in _refusal(
        mapping_of(what="mute", **{parameter: value})
    )


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan"), float("inf"), True, "0.5"])
def test_a_probability_is_over_0_and_at_most_1(share: object) -> None:
    assert "probability is wrong" in _refusal(mapping_of(what="mute", when={"probability": share}))


@pytest.mark.parametrize("header", ["", "0", "00A", "00A40404FF", "00G4", "00A4-04", "٠٠A4", 164])
def test_a_header_has_whole_octets_of_hexadecimal_digits_or_stars(header: object) -> None:
    assert "header is wrong" in _refusal(mapping_of(what="mute", when={"header": header}))


@pytest.mark.parametrize("sw", ["9", "90000", "900G", 0x9000, "", "９０００"])
def test_a_status_word_has_four_hexadecimal_digits(sw: object) -> None:
    assert "sw is wrong" in _refusal(mapping_of(what="status", sw=sw))


@pytest.mark.parametrize("octets", ["3B", "3B" * 34, "3B0", "3Bxx", b"\x3b\x00"])
def test_an_atr_has_2_to_33_octets_in_hexadecimal_digits(octets: object) -> None:
    assert "octets is wrong" in _refusal(mapping_of(what="wrong-atr", octets=octets))


@pytest.mark.parametrize("other", [{"nth": 1}, {"every": 1}, {"header": "00"}, {"probability": 1}])
def test_a_write_is_a_condition_of_its_own(other: dict[str, object]) -> None:
    when = {"write": 1, **other}
    assert "does not go with write" in _refusal(mapping_of(what="power-cut", when=when))


@pytest.mark.parametrize(
    "fault",
    [
        {"what": "mute"},
        {"what": "power-cut", "moment": "before"},
        {"what": "power-cut", "write": 2},
        {"what": "pull"},
        {"what": "reader-gone"},
    ],
)
def test_only_a_loss_of_power_during_a_command_strikes_at_a_write(fault: dict[str, Any]) -> None:
    assert "cannot strike at a write" in _refusal(mapping_of(**fault, when={"write": 1}))
    for good in (CutPower(), PullCard(moment=Moment.DURING)):
        assert Fault(good, When(write=1)).when.write == 1


@pytest.mark.parametrize("when", [{"header": "00"}, {"since": "reset"}])
@pytest.mark.parametrize("what", ["wrong-atr", "lost-insertion"])
def test_what_counts_no_commands_has_no_conditions_of_commands(
    what: str, when: dict[str, object]
) -> None:
    assert "not commands" in _refusal(mapping_of(what=what, when=when))


def test_a_write_of_the_command_goes_with_during_only() -> None:
    for what in ("power-cut", "pull"):
        refusal = _refusal(mapping_of(what=what, moment="after", write=2))
        assert "write goes with the moment during only" in refusal


def test_a_plan_has_at_most_so_many_faults() -> None:
    assert len(FaultPlan.from_mapping({"faults": [CUT] * FAULTS_MAX}).faults) == FAULTS_MAX
    assert "more than 1,000 faults" in _refusal({"faults": [CUT] * (FAULTS_MAX + 1)})
    with pytest.raises(ReaderSetupError, match="more than 1,000 faults"):
        FaultPlan((Fault(Mute()),) * (FAULTS_MAX + 1))


def test_python_cannot_make_a_wrong_fault_either() -> None:
    with pytest.raises(ReaderSetupError, match="commands is wrong"):
        Mute(commands=0)
    with pytest.raises(ReaderSetupError, match="keep is wrong"):
        Truncate(keep=True)
    with pytest.raises(ReaderSetupError, match="octets is wrong"):
        WrongAtr(octets=b"\x3b")
    with pytest.raises(ReaderSetupError, match="moment is wrong"):
        CutPower(moment="during")  # type: ignore[arg-type]
    with pytest.raises(ReaderSetupError, match="header is wrong"):
        When(header="00 A4")
    with pytest.raises(ReaderSetupError, match="counts insertions"):
        Fault(LoseInsertion(), When(header="00A4****"))
    with pytest.raises(ReaderSetupError, match="seed is wrong"):
        FaultPlan(seed=-1)


def test_every_kind_has_a_name_of_its_own_and_tells_what_it_is_and_takes() -> None:
    assert len(KINDS) == 16
    for name, kind in KINDS.items():
        assert kind.kind == name
        assert kind.about
        assert all(told.takes and told.meaning for told in kind.parameters())
