"""Files without their card: proved as far as they can be, and never valid."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.papers.statement.signed import sign_statement
from cardservice.policycard.security import SignedFiles
from tests.unit.papers.examples import key as statement_key
from tests.unit.papers.examples import statement
from tests.unit.verify.readings import FILES, sod
from tests.unit.web_clinics.card_world import API, POWERLESS, visiting, world

FILES_AT = f"{API}/card-files"
NAMES = ("owner", "insurer", "card_id", "iccid", "chip_security")


def posted(files: SignedFiles = FILES, security_object: bytes | None = None) -> dict[str, Any]:
    octets = {name: getattr(files, name) for name in NAMES}
    octets["security_object"] = security_object or sod()
    return {name: b64encode(one).decode() for name, one in octets.items() if one is not None}


def judged(files: dict[str, Any], **more: Any) -> dict[str, Any]:
    with visiting(world()) as visitor:
        answer = visitor.post(FILES_AT, json={"files": files, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_good_files_are_proved_and_undecided_because_no_chip_was_asked() -> None:
    verdict = judged(posted())
    assert verdict["outcome"] == "undecided"
    assert verdict["deciding"] == {"name": "chip-genuine", "reason": "chip-not-asked"}
    assert verdict["proved"] is True
    others = {one["name"]: one["outcome"] for one in verdict["checks"] if one["decisive"]}
    del others["chip-genuine"]
    assert set(others.values()) == {"valid"}


def test_a_file_changed_after_it_was_signed_is_invalid() -> None:
    owner = FILES.owner or b""
    changed = replace(FILES, owner=owner[:-1] + bytes((owner[-1] ^ 1,)))
    verdict = judged(posted(changed))
    assert verdict["outcome"] == "invalid"
    assert verdict["proved"] is False


def test_a_chip_key_that_the_signature_does_not_vouch_for_is_invalid() -> None:
    key = FILES.chip_security or b""
    verdict = judged(posted(replace(FILES, chip_security=key[:-1] + bytes((key[-1] ^ 1,)))))
    assert verdict["deciding"]["reason"] == "chip-key-not-vouched"
    assert verdict["outcome"] == "invalid"


def test_files_without_a_security_object_prove_nothing() -> None:
    verdict = judged({**posted(), "security_object": None, "chip_security": None})
    assert verdict["outcome"] == "invalid"  # the register knows that one belongs on this card
    assert verdict["deciding"]["reason"] == "trust-layer-removed"


def test_an_iccid_that_was_not_read_is_no_fault_and_one_that_is_not_there_is() -> None:
    files = posted()
    del files["iccid"]
    assert judged(files)["outcome"] == "undecided"
    assert judged({**files, "iccid": None})["deciding"]["reason"] == "object-missing"


def test_the_sentence_is_in_the_language_that_is_asked_for() -> None:
    with visiting(world()) as visitor:
        body = {"files": posted()}
        said = [
            visitor.post(FILES_AT, json=body, headers={"Accept-Language": one}).json()["sentence"]
            for one in ("ru", "en")
        ]
    assert said[0] != said[1]
    assert said[1].startswith("The files came without the card")


@pytest.mark.parametrize(
    "files",
    [
        None,
        [],
        {},
        {**posted(), "owner": 7},
        {**posted(), "owner": "%%%%"},
        {**posted(), "owner": "QUJD\n"},
        {**posted(), "owner": "A" * 40_000},
        {**posted(), "card_id": "A" * 688},
        {**posted(), "secret": ""},
        {name: one for name, one in posted().items() if name != "owner"},
    ],
)
def test_files_of_another_form_are_refused(files: object) -> None:
    with visiting(world()) as visitor:
        answer = visitor.post(FILES_AT, content=json.dumps({"files": files}))
    assert answer.status_code == 422
    assert "secret" not in answer.text


def test_who_may_not_ask_is_told_nothing() -> None:
    with visiting(world()) as visitor:
        answer = visitor.post(FILES_AT, json={"files": posted()}, headers=POWERLESS)
    assert answer.status_code == 403


@settings(max_examples=60, deadline=None)
@given(
    octets=st.dictionaries(
        st.sampled_from([*NAMES, "security_object"]), st.binary(max_size=400) | st.none()
    ),
    cut=st.integers(0, 400),
)
def test_whatever_the_files_hold_the_answer_is_a_verdict_and_never_valid(
    octets: dict[str, bytes | None], cut: int
) -> None:
    files = {**posted(security_object=sod()[: cut + 1])}
    for name, one in octets.items():
        files[name] = None if one is None else b64encode(one).decode()
    with visiting(world()) as visitor:
        answer = visitor.post(FILES_AT, json={"files": files})
    assert answer.status_code == 200
    assert answer.json()["outcome"] in ("invalid", "undecided")


def test_a_temporary_certificate_is_read_and_a_changed_one_refused() -> None:
    text = sign_statement(statement(), statement_key())
    with visiting(world()) as visitor:
        good = visitor.post(f"{API}/statements", json={"statement": text})
        bad = visitor.post(f"{API}/statements", json={"statement": text[:-3] + "AAA"})
        nobody = visitor.post(
            f"{API}/statements", json={"statement": text}, headers={"Authorization": "Bearer no"}
        )
    assert (good.status_code, good.json()["surname"]) == (200, statement().surname)
    assert bad.status_code == 409
    assert bad.json()["code"].startswith("statement-")
    assert nobody.status_code == 401
