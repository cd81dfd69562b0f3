"""What is wrong with an application: every finding with its field, all of them at once."""

from collections.abc import Iterable, Iterator
from datetime import date

from cardservice.domain.applicants import expect_may_apply
from cardservice.domain.application import Application
from cardservice.domain.application_ground import check_ground
from cardservice.domain.application_person import check_person, check_representative
from cardservice.domain.categories import card_eligibility, validity
from cardservice.domain.channels import CHANNELS
from cardservice.domain.documents import Document, DocumentType, check_document
from cardservice.domain.findings import Finding, refused, softened, warning, within
from cardservice.domain.insurer_change import PastChange
from cardservice.domain.numbers import parse_ogrn, parse_okato
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.required_documents import (
    SNILS,
    missing_documents,
    required_documents,
    stay_until,
)
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import WEEKDAYS, Calendar, age_on, last_day


def check(
    application: Application,
    on: date,
    rules: RuleSet,
    *,
    calendar: Calendar = WEEKDAYS,
    past_changes: Iterable[PastChange] = (),
) -> tuple[Finding, ...]:
    """Return all that is wrong with ``application`` if it were filed on ``on``.

    A draft may be saved with any of them, and submitted when none is an error (the rest are
    warnings). What only the
    register can say (a first policy that exists already) is not looked at.

    Args:
        application: the draft.
        on: the day of the application.
        rules: the rule set.
        calendar: the working days.
        past_changes: the person's earlier changes of insurer.
    """
    return (
        *_choices(application),
        *check_person(application.person, on, rules),
        *_applicant(application, on, rules, calendar),
        *_ground(application, on, rules, calendar, past_changes),
        *_insurer(application),
        *_documents(application, on, rules),
        *_photo(application, on, rules, calendar),
    )


def _choices(application: Application) -> Iterator[Finding]:
    if application.channel is None:
        yield Finding("channel", "channel-missing", "How the application came in is missing.")
    elif CHANNELS[application.channel].disability and not application.disability:
        sentence = "A visit at home is for people with disabilities."
        yield Finding("disability", "disability-needed", sentence)
    if application.reason is None:
        yield Finding("reason", "reason-missing", "The reason of the application is missing.")
    if application.applicant is None:
        yield Finding("applicant", "applicant-missing", "Who applies is missing.")
    if not application.consent:
        sentence = "The consent to the processing of personal data is missing."
        yield Finding("consent", "consent-missing", sentence)


def _applicant(
    application: Application, on: date, rules: RuleSet, calendar: Calendar
) -> Iterator[Finding]:
    applicant, born = application.applicant, application.person.birth_date
    if applicant is None:
        return
    if born is not None:
        yield from refused(
            "applicant",
            expect_may_apply,
            applicant,
            born,
            on=on,
            rules=rules,
            full_capacity=application.full_capacity,
        )
    found = check_representative(
        application.representative, applicant, on=on, rules=rules, calendar=calendar
    )
    yield from within("representative", found)


def _ground(
    application: Application,
    on: date,
    rules: RuleSet,
    calendar: Calendar,
    past: Iterable[PastChange],
) -> Iterator[Finding]:
    reason, enp = application.reason, application.person.enp.strip(" ")
    if reason is None:
        return
    if reason is ApplyReason.FIRST_POLICY and enp:
        sentence = "Who has a policy number has a policy already."
        yield warning("enp", "enp-with-first-policy", sentence)
    if reason is not ApplyReason.FIRST_POLICY and not enp:
        sentence = "The policy number is not given; the policy must be found by the person."
        yield warning("enp", "enp-missing", sentence)
    found = check_ground(application, on=on, rules=rules, calendar=calendar, past=past)
    yield from within("ground", found)


def _insurer(application: Application) -> Iterator[Finding]:
    ogrn, okato = application.insurer_ogrn.strip(" "), application.okato.strip(" ")
    yield from refused("insurer_ogrn", parse_ogrn, ogrn, field="insurer_ogrn")
    yield from refused("okato", parse_okato, okato)


def _documents(application: Application, on: date, rules: RuleSet) -> Iterator[Finding]:
    documents, most = application.documents, rules.documents_maximum.value
    later = application.channel is not None and CHANNELS[application.channel].documents_later
    if len(documents) > most:
        sentence = f"An application has at most {most} documents."
        yield Finding("documents", "documents-too-many", sentence)
        return
    for index, document in enumerate(documents):
        found = check_document(
            *(document,), birth_date=application.person.birth_date, on=on, rules=rules, later=later
        )
        yield from within(f"documents.{index}", found)
    missing = tuple(_missing(application, on, rules))
    yield from map(softened, missing) if later else missing
    category = application.person.category
    if category is not None and not missing:
        until = stay_until(category, documents)
        stay = tuple(
            refused("documents", validity, category, stay_until=until, start=on, rules=rules)
        )
        yield from map(softened, stay) if later and until is None else stay


def _missing(application: Application, on: date, rules: RuleSet) -> Iterator[Finding]:
    person, applicant = application.person, application.applicant
    if person.category is None or person.birth_date is None or applicant is None:
        return
    required = required_documents(
        person.category, applicant, birth_date=person.birth_date, on=on, rules=rules
    )
    for one in missing_documents(required, _held(application)):
        field = "snils" if one.any_of == SNILS.any_of else "documents"
        yield Finding(field, one.code, f"The {one.words} is missing.")


def _held(application: Application) -> tuple[Document, ...]:
    # A SNILS is a number; since 2019 there is no paper to show, so the number alone will do.
    number = application.person.snils.strip(" ")
    extra = (Document(kind=DocumentType.SNILS, number=number),) if number else ()
    return (*application.documents, *extra)


def _photo(
    application: Application, on: date, rules: RuleSet, calendar: Calendar
) -> Iterator[Finding]:
    person, taken_on = application.person, application.photo_taken_on
    if taken_on is not None and taken_on > on:
        yield Finding("photo_taken_on", "photo-in-future", "The photo is of the future.")
    elif taken_on is not None and on > last_day(rules.photo_term.value, taken_on, calendar):
        sentence = f"The photo is older than {rules.photo_term.value}."
        yield warning("photo_taken_on", "photo-old", sentence)
    if application.photo or person.category is None or person.birth_date is None:
        return
    has_card = card_eligibility(person.category, rules).may_have
    if has_card and age_on(person.birth_date, on) >= rules.photo_from_age.value:
        yield warning("photo", "photo-missing", "The card of this person shows a photo.")
