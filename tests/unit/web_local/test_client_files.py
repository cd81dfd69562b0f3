"""The client for pages and its types say the same."""

import re

from cardservice.texts.languages import Language
from cardservice.web.local.documents import reader_document
from cardservice.web.local.routes import client_file
from cardservice.web.verdicts import verdict_document
from tests.unit.web.examples import VALID
from tests.unit.web_local.world import judged

JS = client_file("policy-desk.js").decode()
TYPES = client_file("policy-desk.d.ts").decode()
EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)


def members(name: str) -> set[str]:
    """Return the names that an interface of the types declares."""
    body = re.search(rf"export interface {name} \{{\n(.*?)^\}}", TYPES, re.DOTALL | re.MULTILINE)
    assert body is not None
    return set(re.findall(r"^  (\w+)\??[:(]", body[1], re.MULTILINE))


def test_every_exported_name_has_its_type_and_no_type_is_of_nothing() -> None:
    assert set(EXPORTED.findall(JS)) == set(EXPORTED.findall(TYPES)) != set()


def test_the_client_depends_on_nothing() -> None:
    assert re.findall(r"^\s*import\b|\bimport\(|\brequire\(", JS, re.MULTILINE) == []


def test_the_types_of_a_verdict_are_those_of_the_document() -> None:
    said = verdict_document(VALID, language=Language.EN, holder=True)
    assert members("Verdict") == set(said)
    assert members("Holder") == set(said["holder"])
    assert members("Insurance") == set(said["insurance"])
    assert members("Check") == set(said["checks"][0])


def test_the_types_of_a_reader_are_those_of_the_document() -> None:
    assert members("Reader") == set(reader_document(judged()))


def test_options_in_the_client_are_those_of_the_types() -> None:
    for function, interface in (("pair", "PairOptions"), ("connect", "ConnectOptions")):
        taken = re.search(rf"function {function}\(\{{([^}}]*)\}}\)", JS)
        assert taken is not None
        assert {one.strip() for one in taken[1].split(",")} == members(interface)
