"""What an answer means: members, a refusal with its code, or nothing that can be believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.desklink.answers import Answer, entity_tag, members_of
from cardservice.errors import Refusal, SourceUnavailableError

JSON, PROBLEM = "application/json", "application/problem+json"


@pytest.mark.parametrize(
    ("status", "kind", "octets", "code"),
    [
        (500, JSON, b"{}", "service-busy"),
        (503, PROBLEM, b'{"code":"x"}', "service-busy"),
        (429, PROBLEM, b'{"code":"x"}', "service-busy"),
        (408, JSON, b"", "service-busy"),
        (301, JSON, b"{}", "service-wrong"),
        (100, JSON, b"{}", "service-wrong"),
        (304, JSON, b"{}", "service-wrong"),
        (200, "text/html", b"{}", "service-wrong"),
        (200, JSON, b"[]", "service-wrong"),
        (200, JSON, b"\xff", "service-wrong"),
        (200, JSON, b"[" * 99_999, "service-wrong"),
        (404, "text/html", b"<html>", "service-wrong"),
        (404, PROBLEM, b"[]", "service-wrong"),
        (404, PROBLEM, b'{"code":"UPPER <b>"}', "service-wrong"),
        (404, PROBLEM, b'{"code":7}', "service-wrong"),
        (404, PROBLEM, b'{"type":null}', "service-wrong"),
    ],
)
def test_what_is_no_answer_is_said_by_code(
    status: int, kind: str, octets: bytes, code: str
) -> None:
    with pytest.raises(SourceUnavailableError) as error:
        members_of(Answer(status, kind, octets))
    assert error.value.code == code


@pytest.mark.parametrize(
    "octets", [b'{"code":"desk-ended"}', b'{"type":"https://x.example/problems/desk-ended"}']
)
def test_a_refusal_has_the_services_code_and_none_of_its_words(octets: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        members_of(Answer(409, PROBLEM, octets))
    assert refused.value.code == "desk-ended"


@given(st.integers(100, 599), st.sampled_from([JSON, PROBLEM, "", "x"]), st.binary(max_size=60))
def test_any_answer_is_members_a_refusal_or_none(status: int, kind: str, octets: bytes) -> None:
    found: object = None
    try:
        found = members_of(Answer(status, kind, octets))
    except (Refusal, SourceUnavailableError) as error:
        found = {"code": error.code}
    assert isinstance(found, dict)


@pytest.mark.parametrize("header", ['"a"', 'W/"a"', '""'])
def test_an_entity_tag_is_sent_back_as_it_came(header: str) -> None:
    assert entity_tag(header) == header


@pytest.mark.parametrize("header", [None, "a", '"a', '"a"b"', '"a"\r\nX: y', '"' + "a" * 201 + '"'])
def test_what_is_no_entity_tag_is_not_sent_back(header: str | None) -> None:
    assert entity_tag(header) is None
