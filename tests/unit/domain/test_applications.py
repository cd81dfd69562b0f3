"""An application is judged whole: every finding names its field, none quotes what was typed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cardservice.domain.applicants import Applicant, PowerOfAttorney
from cardservice.domain.application import Application, Ground, Representative
from cardservice.domain.applications import check
from cardservice.domain.documents import Document, DocumentType, Whose
from cardservice.domain.enp import demonstration_number
from cardservice.domain.findings import has_errors
from cardservice.domain.holder import Category, Sex
from cardservice.domain.insurer_change import ChangeGround, PastChange
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueKind, ReissueSubject
from cardservice.domain.rule_sets import RULES_2022
from tests.unit.domain.examples import (
    GOOD,
    PASSPORT,
    PERSON,
    RULES,
    TODAY,
    found,
    only,
    with_passport,
    with_person,
)

TOMORROW = TODAY + timedelta(days=1)
THEIR_NUMBER = demonstration_number(date(1999, 1, 5), Sex.MALE, 1)
BIRTH_CERTIFICATE = replace(
    PASSPORT, kind=DocumentType.BIRTH_CERTIFICATE, number="I-АБ 123456", issued_on=date(2020, 1, 9)
)
PARENTS_PASSPORT = replace(PASSPORT, whose=Whose.REPRESENTATIVE)
PARENT = Representative(surname="Цветкова", given_name="Анна")
CHILD = replace(
    GOOD,
    applicant=Applicant.PARENT_OR_GUARDIAN,
    person=replace(PERSON, birth_date=date(2020, 1, 2), snils=""),
    representative=PARENT,
    documents=(BIRTH_CERTIFICATE, PARENTS_PASSPORT),
)
ATTORNEY = PowerOfAttorney(number="77/1", issued_on=date(2026, 3, 1), until=date(2027, 3, 1))
ATTORNEY_SCAN = replace(PARENTS_PASSPORT, kind=DocumentType.POWER_OF_ATTORNEY)
REPRESENTED = replace(
    GOOD,
    applicant=Applicant.REPRESENTATIVE,
    representative=replace(PARENT, attorney=ATTORNEY),
    documents=(PASSPORT, PARENTS_PASSPORT, ATTORNEY_SCAN),
)


@pytest.mark.parametrize("application", [GOOD, CHILD, REPRESENTED])
def test_a_good_application_has_nothing_wrong_with_it(application: Application) -> None:
    assert check(application, TODAY, RULES) == ()


def test_an_empty_draft_names_every_field_that_is_missing() -> None:
    findings = check(Application(), TODAY, RULES)
    missing = {one.field for one in findings if one.is_error}
    choices = {"channel", "reason", "applicant", "consent", "category", "sex"}
    assert missing == choices | {"surname", "given_name", "birth_date", "insurer_ogrn", "okato"}
    assert has_errors(findings)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"surname": " "}, "surname", "surname-missing"),
        ({"surname": "я" * 61}, "surname", "name-too-long"),
        ({"given_name": "Андрей\u202e"}, "given_name", "control-character"),
        ({"patronymic": "a\x00b"}, "patronymic", "control-character"),
        ({"sex": None}, "sex", "sex-missing"),
        ({"birth_date": TOMORROW}, "birth_date", "birth-date-in-future"),
        ({"birth_date": date(1900, 1, 1)}, "birth_date", "birth-date-impossible"),
        ({"birth_place": "я" * 151}, "birth_place", "birth-place-too-long"),
        ({"citizenship_name": ""}, "citizenship_name", "citizenship-incomplete"),
        ({"citizenship_code": ""}, "citizenship_code", "citizenship-incomplete"),
        ({"citizenship_code": "R" * 11}, "citizenship_code", "citizenship-code-too-long"),
        ({"snils": "508-328-107 71"}, "snils", "snils-check-digit"),
        ({"snils": "5083281077"}, "snils", "snils-format"),
        ({"enp": "123"}, "enp", "enp-length"),
        ({"address": "я" * 301}, "address", "address-too-long"),
        ({"phone": "call me"}, "phone", "phone-format"),
        ({"phone": "12"}, "phone", "phone-format"),
        ({"email": "person at example"}, "email", "email-format"),
        ({"email": "a@b\r\nBcc: c@d.ru"}, "email", "control-character"),
    ],
)
def test_a_wrong_field_of_the_person_is_an_error_beside_it(
    changes: dict[str, Any], field: str, code: str
) -> None:
    errors = [one for one in check(with_person(**changes), TODAY, RULES) if one.is_error]
    assert (field, code) in {(one.field, one.code) for one in errors}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"insurer_ogrn": "1009900000231"}, "insurer_ogrn", "ogrn-check-digit"),
        ({"insurer_ogrn": "0" * 13}, "insurer_ogrn", "ogrn-all-zeros"),
        ({"okato": "123"}, "okato", "okato-length"),
        ({"consent": False}, "consent", "consent-missing"),
        ({"channel": None}, "channel", "channel-missing"),
        ({"photo_taken_on": TOMORROW}, "photo_taken_on", "photo-in-future"),
        ({"documents": (PASSPORT,) * 21}, "documents", "documents-too-many"),
        ({"documents": ()}, "documents", "passport-missing"),
    ],
)
def test_a_wrong_field_of_the_application_is_an_error_beside_it(
    changes: dict[str, Any], field: str, code: str
) -> None:
    one = only(replace(GOOD, **changes))
    assert (one.field, one.code, one.is_error) == (field, code, True)


@pytest.mark.parametrize(
    ("application", "field", "code"),
    [
        (with_person(enp=demonstration_number(date(1980, 5, 5), Sex.MALE, 1)), "enp", "person"),
        (with_person(citizenship_code="VNM"), "citizenship_code", "citizenship-unlike-category"),
        (with_person(birth_date=date(1900, 1, 2)), "birth_date", "birth-date-doubtful"),
        (with_person(phone="", email=""), "phone", "contact-missing"),
        (replace(GOOD, photo=None), "photo", "photo-missing"),
        (replace(GOOD, photo_taken_on=date(2026, 1, 1)), "photo_taken_on", "photo-old"),
    ],
)
def test_what_may_be_right_is_only_a_warning(
    application: Application, field: str, code: str
) -> None:
    findings = check(application, TODAY, RULES)
    assert any(one.field == field and code in one.code for one in findings)
    assert not has_errors(findings)


def test_a_number_that_is_the_persons_is_only_odd_for_a_first_policy() -> None:
    assert only(with_person(enp=THEIR_NUMBER)).code == "enp-with-first-policy"
    asked = replace(
        with_person(enp=THEIR_NUMBER),
        reason=ApplyReason.DUPLICATE,
        ground=Ground(cause=DuplicateCause.LOST),
    )
    assert found(asked) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "number:document-number-missing"),
        ({"number": "4453 91444"}, "number:passport-number-format"),
        ({"number": "4" * 51}, "number:document-number-too-long"),
        ({"kind": None}, "kind:document-type-missing"),
        ({"issued_on": None}, "issued_on:document-date-missing"),
        ({"issued_on": TOMORROW}, "issued_on:document-date-in-future"),
        ({"issued_on": date(1998, 12, 31)}, "issued_on:document-before-birth"),
        ({"issued_on": date(2013, 1, 4)}, "issued_on:passport-before-age"),
        ({"issuer": " "}, "issuer:document-issuer-missing"),
        ({"issuer": "я" * 301}, "issuer:issuer-too-long"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on:document-expired"),
        ({"expires_on": date(2019, 1, 1)}, "expires_on:document-ends-before-date"),
        ({"scan": None}, "scan:document-scan-missing"),
    ],
)
def test_a_wrong_field_of_a_document_is_an_error_beside_it(
    changes: dict[str, Any], code: str
) -> None:
    field, _, expected = code.partition(":")
    assert found(with_passport(**changes))[f"documents.0.{field}"] == expected


def test_a_document_is_good_on_its_last_day_and_a_passport_on_the_fourteenth_birthday() -> None:
    assert found(with_passport(expires_on=TODAY)) == {}
    assert found(with_passport(issued_on=date(2013, 1, 5))) == {}


def test_a_birth_certificate_from_elsewhere_is_only_noticed() -> None:
    foreign = replace(BIRTH_CERTIFICATE, number="2728688967")
    one = only(replace(CHILD, documents=(foreign, PARENTS_PASSPORT)))
    assert (one.code, one.is_error) == ("birth-certificate-number-format", False)


def test_a_snils_is_asked_of_a_grown_citizen_and_a_document_or_a_number_will_do() -> None:
    one = only(with_person(snils=""))
    assert (one.field, one.code, one.is_error) == ("snils", "snils-missing", True)
    shown = replace(GOOD.documents[0], kind=DocumentType.SNILS, number="508-328-107 70")
    both = replace(with_person(snils=""), documents=(PASSPORT, shown))
    assert found(both) == {}
    wrong = replace(shown, number="508-328-107 71")
    assert found(replace(both, documents=(PASSPORT, wrong))) == {
        "documents.1.number": "snils-check-digit"
    }


def test_who_is_not_of_age_needs_somebody_who_applies() -> None:
    young = with_person(birth_date=date(2009, 1, 5))
    passport = replace(PASSPORT, issued_on=date(2023, 2, 1))
    young = replace(young, documents=(passport,))
    assert found(young) == {"applicant": "applicant-not-of-age"}
    assert found(replace(young, full_capacity=True)) == {}


def test_a_child_needs_the_representatives_name_and_document() -> None:
    alone = replace(CHILD, representative=Representative(), documents=(BIRTH_CERTIFICATE,))
    assert found(alone) == {
        "representative.surname": "surname-missing",
        "representative.given_name": "given-name-missing",
        "documents": "representative-identity-missing",
    }


def test_a_ward_who_is_of_age_needs_the_act_of_guardianship() -> None:
    ward = replace(
        GOOD,
        applicant=Applicant.PARENT_OR_GUARDIAN,
        representative=PARENT,
        documents=(PASSPORT, PARENTS_PASSPORT),
    )
    assert found(ward) == {"documents": "guardianship-missing"}


@pytest.mark.parametrize(
    ("attorney", "field", "code"),
    [
        (None, "attorney", "attorney-missing"),
        (replace(ATTORNEY, number=""), "attorney.number", "number-missing"),
        (replace(ATTORNEY, number="7" * 51), "attorney.number", "attorney-number-too-long"),
        (replace(ATTORNEY, issued_on=None), "attorney.issued_on", "attorney-date-missing"),
        (replace(ATTORNEY, issued_on=TOMORROW), "attorney.issued_on", "attorney-date-in-future"),
        (replace(ATTORNEY, until=date(2026, 2, 1)), "attorney.until", "attorney-ends-before-date"),
        (replace(ATTORNEY, until=date(2026, 11, 19)), "attorney.until", "attorney-ended"),
        (
            PowerOfAttorney(number="1", issued_on=date(2025, 11, 19)),
            "attorney.until",
            "attorney-ended",
        ),
    ],
)
def test_a_power_of_attorney_is_checked(
    attorney: PowerOfAttorney | None, field: str, code: str
) -> None:
    application = replace(REPRESENTED, representative=replace(PARENT, attorney=attorney))
    assert found(application) == {f"representative.{field}": code}


def test_a_power_of_attorney_without_an_end_serves_a_year() -> None:
    lasting = PowerOfAttorney(number="1", issued_on=date(2025, 11, 20))
    assert found(replace(REPRESENTED, representative=replace(PARENT, attorney=lasting))) == {}


def _changed(**ground: Any) -> Application:
    return replace(
        with_person(enp=THEIR_NUMBER), reason=ApplyReason.INSURER_CHANGE, ground=Ground(**ground)
    )


def test_a_change_of_insurer_follows_its_rule_beside_its_field() -> None:
    assert found(_changed()) == {"ground.change_ground": "change-ground-missing"}
    own = _changed(change_ground=ChangeGround.OWN_WISH)
    assert found(own) == {"ground.change_ground": "change-after-cutoff"}
    moved = _changed(change_ground=ChangeGround.MOVE, moved_on=date(2026, 11, 1))
    assert found(moved) == {}
    late = _changed(change_ground=ChangeGround.MOVE, moved_on=date(2026, 10, 1))
    assert found(late) == {"ground.moved_on": "move-too-long-ago"}
    left = _changed(change_ground=ChangeGround.INSURER_LEFT)
    assert found(left) == {"ground.insurer_left_on": "insurer-left-date-missing"}


def test_earlier_changes_of_insurer_are_counted() -> None:
    own = _changed(change_ground=ChangeGround.OWN_WISH)
    past = [PastChange(ChangeGround.OWN_WISH, date(2026, 2, 1))]
    (one,) = check(own, date(2026, 10, 5), RULES, past_changes=past)
    assert one.code == "change-already-this-year"


def test_a_reissue_says_what_changed_and_when() -> None:
    bare = replace(with_person(enp=THEIR_NUMBER), reason=ApplyReason.REISSUE)
    assert found(bare) == {"ground.subjects": "subjects-missing", "ground.kind": "kind-missing"}
    name = Ground(subjects=frozenset({ReissueSubject.NAME}), kind=ReissueKind.CHANGED)
    assert found(replace(bare, ground=name)) == {"ground.changed_on": "changed-on-missing"}
    ahead = replace(name, changed_on=TOMORROW)
    assert found(replace(bare, ground=ahead)) == {"ground.changed_on": "changed-on-in-future"}
    wrong = replace(name, kind=ReissueKind.WRONG)
    assert found(replace(bare, ground=wrong)) == {}


def test_a_change_reported_late_is_taken_with_a_warning() -> None:
    name = Ground(
        subjects=frozenset({ReissueSubject.NAME}),
        kind=ReissueKind.CHANGED,
        changed_on=date(2026, 10, 19),
    )
    late = replace(with_person(enp=THEIR_NUMBER), reason=ApplyReason.REISSUE, ground=name)
    one = only(late)
    assert (one.code, one.is_error) == ("change-reported-late", False)
    assert found(replace(late, ground=replace(name, changed_on=date(2026, 10, 20)))) == {}


def test_a_duplicate_says_what_became_of_the_card_and_may_not_know_the_number() -> None:
    assert found(replace(GOOD, reason=ApplyReason.DUPLICATE)) == {
        "enp": "enp-missing",
        "ground.cause": "cause-missing",
    }


def test_a_visit_at_home_is_for_people_with_disabilities() -> None:
    home = replace(GOOD, channel=Channel.HOME)
    assert found(home) == {"disability": "disability-needed"}
    assert found(replace(home, disability=True)) == {}


def test_an_employers_people_may_show_their_documents_at_hand_over() -> None:
    bare = Document(kind=DocumentType.PASSPORT_RF, number="4453914449")
    for documents in ((), (bare,)):
        application = replace(GOOD, channel=Channel.EMPLOYER, documents=documents)
        findings = check(application, TODAY, RULES)
        assert findings
        assert not has_errors(findings)
    wrong = replace(bare, number="1")
    assert has_errors(
        check(replace(GOOD, channel=Channel.EMPLOYER, documents=(wrong,)), TODAY, RULES)
    )


def test_a_stay_without_an_end_is_missed_and_one_that_ended_is_refused() -> None:
    foreign = replace(PASSPORT, kind=DocumentType.FOREIGN_PASSPORT)
    contract = Document(
        kind=DocumentType.EMPLOYMENT_CONTRACT, number="1", issued_on=date(2026, 1, 1), scan="s"
    )
    worker = replace(
        with_person(category=Category.EAEU_WORKER, citizenship_code="ARM"),
        documents=(foreign, contract),
    )
    assert found(worker) == {"documents": "stay-end-missing"}
    until = replace(contract, expires_on=date(2027, 1, 1))
    assert found(replace(worker, documents=(foreign, until))) == {}
    assert found(replace(worker, documents=(foreign,))) == {"documents": "contract-missing"}


def test_no_photo_is_missed_where_no_card_is_made() -> None:
    assert check(replace(GOOD, photo=None), TODAY, RULES_2022) == ()
    assert found(replace(CHILD, photo=None)) == {}


def test_no_finding_quotes_what_was_typed() -> None:
    typed = "Xyzzy"
    spoiled = replace(
        GOOD,
        person=replace(
            PERSON, snils=typed, enp=typed, phone=typed, email=typed, surname=typed * 20
        ),
        insurer_ogrn=typed,
        okato=typed,
        documents=(replace(PASSPORT, number=typed, issuer=typed * 99),),
    )
    findings = check(spoiled, TODAY, RULES)
    assert len(findings) >= 9
    assert not any(typed in one.sentence for one in findings)


def test_neither_a_person_nor_an_application_prints_what_it_holds() -> None:
    printed = repr(REPRESENTED) + repr(PERSON) + repr(PARENT) + repr(PASSPORT)
    assert not any(one in printed for one in ("Цветков", "508-328", "914449", "77/1"))


def test_a_representatives_telephone_number_is_checked() -> None:
    wrong = replace(CHILD, representative=replace(PARENT, phone="call me"))
    assert found(wrong) == {"representative.phone": "phone-format"}


def test_a_person_may_be_born_today() -> None:
    newborn = replace(CHILD, person=replace(CHILD.person, birth_date=TODAY))
    born = replace(
        newborn, documents=(replace(BIRTH_CERTIFICATE, issued_on=TODAY), PARENTS_PASSPORT)
    )
    assert found(born) == {}


def test_a_stay_that_ended_is_an_error_also_where_documents_are_shown_later() -> None:
    start = date(2026, 1, 1)
    contract = Document(kind=DocumentType.EMPLOYMENT_CONTRACT, number="1", issued_on=start)
    foreign = replace(PASSPORT, kind=DocumentType.FOREIGN_PASSPORT)
    worker = replace(
        with_person(category=Category.EAEU_WORKER, citizenship_code="ARM"),
        channel=Channel.EMPLOYER,
        documents=(foreign, contract),
    )
    assert not has_errors(check(worker, TODAY, RULES))
    ended = replace(contract, expires_on=date(2026, 11, 1))
    errors = {
        one.code
        for one in check(replace(worker, documents=(foreign, ended)), TODAY, RULES)
        if one.is_error
    }
    assert errors == {"document-expired", "stay-ended"}
