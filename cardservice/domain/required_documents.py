"""Which documents an application needs, and which of them are missing.

Source: domain.md, "Documents by category".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import Document, DocumentType, Whose
from cardservice.domain.holder import Category
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import age_on

D = DocumentType


@dataclass(frozen=True, slots=True)
class Requirement:
    """A document that is asked for: any one of some types.

    Attributes:
        code: stable; a finding's code when it is missing.
        words: its name in a sentence.
        any_of: the types that will do.
        whose: whom it must be about.
        needed: False for "if any": asked for, never missed.
    """

    code: str
    words: str
    any_of: frozenset[DocumentType]
    whose: Whose = Whose.PERSON
    needed: bool = True

    def is_met_by(self, document: Document) -> bool:
        """Return whether ``document`` is one of these."""
        return document.kind in self.any_of and document.whose is self.whose


def _one(code: str, words: str, *kinds: DocumentType) -> Requirement:
    return Requirement(code, words, frozenset(kinds))


_IDENTITY: Final = frozenset(
    {
        *(D.PASSPORT_RF, D.TEMPORARY_IDENTITY_CARD, D.FOREIGN_PASSPORT, D.RESIDENCE_PERMIT),
        *(D.TEMPORARY_RESIDENCE_PERMIT, D.REFUGEE_CERTIFICATE, D.STATELESS_ID),
        D.TEMPORARY_ASYLUM_CERTIFICATE,
    }
)
SNILS: Final = _one("snils-missing", "SNILS", D.SNILS)
SNILS_IF_ANY: Final = Requirement(SNILS.code, SNILS.words, SNILS.any_of, needed=False)
_BIRTH: Final = _one("birth-certificate-missing", "birth certificate", D.BIRTH_CERTIFICATE)
_PASSPORT: Final = _one(
    *("passport-missing", "passport or temporary identity card"),
    *(D.PASSPORT_RF, D.TEMPORARY_IDENTITY_CARD),
)
_FOREIGN: Final = _one("foreign-passport-missing", "foreign passport", D.FOREIGN_PASSPORT)
_RESIDENCE: Final = _one("residence-permit-missing", "residence permit", D.RESIDENCE_PERMIT)
_PERMIT_MARK: Final = _one(
    *("temporary-permit-missing", "permit's mark in the passport", D.TEMPORARY_RESIDENCE_PERMIT),
)
_REFUGE: Final = _one(
    *("refuge-proof-missing", "certificate of a refugee or of asylum, or proof of considering"),
    *(D.REFUGEE_CERTIFICATE, D.REQUEST_CONSIDERED, D.COMPLAINT_CONSIDERED),
    D.TEMPORARY_ASYLUM_CERTIFICATE,
)
# The permit of a stateless person is a document of its own and identifies them too (Federal Law
# 115-FZ, article 10, part 2), so that another one is only asked for.
_STATELESS_IF_ANY: Final = Requirement(
    *("stateless-id-missing", "identity document of a stateless person"),
    frozenset({D.STATELESS_ID}),
    needed=False,
)
_ANY_PERMIT: Final = _one(
    *("permit-missing", "residence permit or temporary residence permit"),
    *(D.RESIDENCE_PERMIT, D.TEMPORARY_RESIDENCE_PERMIT),
)
_CONTRACT: Final = _one("contract-missing", "employment contract", D.EMPLOYMENT_CONTRACT)

_BY_CATEGORY: Final[Mapping[Category, tuple[Requirement, ...]]] = {
    Category.CITIZEN: (_PASSPORT, SNILS),
    Category.PERMANENT_RESIDENT: (_FOREIGN, _RESIDENCE, SNILS_IF_ANY),
    Category.TEMPORARY_RESIDENT: (_FOREIGN, _PERMIT_MARK, SNILS_IF_ANY),
    Category.REFUGEE: (_REFUGE,),
    Category.STATELESS: (_STATELESS_IF_ANY, _ANY_PERMIT),
    Category.EAEU_WORKER: (_FOREIGN, _CONTRACT, SNILS),
}
_REPRESENTATIVES_IDENTITY: Final = Requirement(
    *("representative-identity-missing", "representative's identity document", _IDENTITY),
    whose=Whose.REPRESENTATIVE,
)
_ATTORNEY: Final = Requirement(
    *("attorney-missing", "power of attorney", frozenset({D.POWER_OF_ATTORNEY})),
    whose=Whose.REPRESENTATIVE,
)
_GUARDIANSHIP: Final = Requirement(
    *("guardianship-missing", "act of guardianship", frozenset({D.GUARDIANSHIP_ACT})),
    whose=Whose.REPRESENTATIVE,
)

# The document whose end is the end of the stay, in the words of a category's validity.
_STAY_DOCUMENTS: Final[Mapping[Category, frozenset[DocumentType]]] = {
    Category.CITIZEN: frozenset(),
    Category.PERMANENT_RESIDENT: frozenset(),
    Category.TEMPORARY_RESIDENT: _PERMIT_MARK.any_of,
    Category.REFUGEE: _REFUGE.any_of,
    Category.STATELESS: frozenset({D.TEMPORARY_RESIDENCE_PERMIT}),
    Category.EAEU_WORKER: _CONTRACT.any_of,
}


def required_documents(
    category: Category, applicant: Applicant, *, birth_date: date, on: date, rules: RuleSet
) -> tuple[Requirement, ...]:
    """Return what an application needs, in the order a form asks for it.

    Args:
        category: of the person the policy is for.
        applicant: who applies.
        birth_date: of the person the policy is for.
        on: the day of the application.
        rules: the rule set.
    """
    age = age_on(birth_date, on)
    own = _BY_CATEGORY[category]
    if age < rules.passport_age.value:
        own = _of_child(category)
    ward = applicant is Applicant.PARENT_OR_GUARDIAN and age >= rules.adult_age.value
    return (*own, *_of_applicant(applicant, ward=ward))


def _of_child(category: Category) -> tuple[Requirement, ...]:
    if category is Category.CITIZEN:
        return (_BIRTH, SNILS_IF_ANY)
    # A child of a foreigner may have no passport of their own; the permits stay as they are. [P]
    return tuple(
        _one(one.code, f"{one.words} or birth certificate", *one.any_of, D.BIRTH_CERTIFICATE)
        if one is _FOREIGN
        else one
        for one in _BY_CATEGORY[category]
    )


def _of_applicant(applicant: Applicant, *, ward: bool) -> tuple[Requirement, ...]:
    if applicant is Applicant.SELF:
        return ()
    if applicant is Applicant.REPRESENTATIVE:
        return (_REPRESENTATIVES_IDENTITY, _ATTORNEY)
    return (_REPRESENTATIVES_IDENTITY, *((_GUARDIANSHIP,) if ward else ()))


def missing_documents(
    required: Iterable[Requirement], documents: Iterable[Document]
) -> tuple[Requirement, ...]:
    """Return the needed ones of ``required`` that no document meets."""
    held = tuple(documents)
    return tuple(
        one for one in required if one.needed and not any(one.is_met_by(each) for each in held)
    )


def stay_until(category: Category, documents: Iterable[Document]) -> date | None:
    """Return the last day of the stay that the documents prove, None if they name none."""
    kinds = _STAY_DOCUMENTS[category]
    ends = (one.expires_on for one in documents if one.kind in kinds and one.whose is Whose.PERSON)
    return max((one for one in ends if one is not None), default=None)
