"""The rule sets ``2011`` and ``2022``, and which one an office has unless told.

Chip cards are issued under the law as it stood before 2022 (Order 108n in its wording of 2023,
items 29 and 30: cards and blanks made so stay good and are no longer replaced), so ``2011`` is
the default.
"""

from dataclasses import replace
from typing import Final

from cardservice.domain.holder import Category
from cardservice.domain.rules import Basis, MonthDay, RuleSet, Setting, Source
from cardservice.domain.terms import Term, Unit

_LAW: Final = "Federal Law 326-FZ"
_DOMAIN: Final = "domain.md"
_OFFICE: Final = "this project"
_FUNDS: Final = "pages of funds and insurers for the insured"
_ORDER: Final = "Order of the Ministry of Health 108n of 28.02.2019"


def _own(clause: str) -> Source:
    return Source(_OFFICE, clause, Basis.PROJECT)


RULES_2011: Final = RuleSet(
    name="2011",
    chip_cards_issued=Setting(
        value=True,
        words="Cards with a chip are made",
        source=Source(_LAW, "article 45, wording before 2022"),
    ),
    year_end_categories=Setting(
        value=frozenset[Category](),
        words="Categories whose policies end with the year",
        source=Source(_DOMAIN, "Who applies, and for what", Basis.FIELD),
    ),
    making_term=Setting(
        Term(30, Unit.DAYS),
        "From the application to the policy",
        Source(_DOMAIN, "Rules with teeth, 5", Basis.FIELD),
    ),
    certificate_term=Setting(
        Term(30, Unit.WORKING_DAYS),
        "How long a temporary certificate serves at most",
        Source(_FUNDS, "temporary certificate", Basis.FIELD),
    ),
    warning_days=Setting(
        5, "Days before it is due that a thing counts as nearly overdue", _own("a choice")
    ),
    change_cutoff=Setting(
        MonthDay(11, 1),
        "Last day of a year to file a change of insurer by own wish",
        Source(_LAW, "article 16, part 1, item 3"),
    ),
    changes_a_year=Setting(
        1,
        "Changes of insurer by own wish in a calendar year",
        Source(_LAW, "article 16, part 1, item 3"),
    ),
    move_term=Setting(
        Term(1, Unit.MONTHS),
        "After a move, to choose an insurer at the new place",
        Source(_LAW, "article 16, part 2, item 4"),
    ),
    report_term=Setting(
        Term(1, Unit.MONTHS),
        "To report changed personal data",
        Source(_LAW, "article 16, part 2, item 3"),
    ),
    newborn_term=Setting(
        Term(0, Unit.DAYS),
        "After the birth is registered, that the mother's insurer serves a newborn",
        Source(_LAW, "article 16, part 3, first wording"),
    ),
    passport_age=Setting(
        14,
        "Age from which a citizen has a passport",
        Source("Government Decree 828 of 08.07.1997", "item 1"),
    ),
    adult_age=Setting(
        18,
        "Age from which a person applies alone",
        Source("Civil Code", "article 21"),
    ),
    oldest_age=Setting(120, "Age above which a birth date is doubted", _own("a warning only")),
    attorney_term=Setting(
        Term(12, Unit.MONTHS),
        "How long a power of attorney without an end serves",
        Source("Civil Code", "article 186, part 1"),
    ),
    employer_minimum=Setting(
        5,
        "People in an employer's table, at least",
        Source(_DOMAIN, "Who applies, and for what: channel", Basis.FIELD),
    ),
    employer_maximum=Setting(10_000, "People in an employer's table, at most", _own("a bound")),
    complaint_term=Setting(
        Term(30, Unit.DAYS),
        "To answer a complaint",
        Source("Federal Law 59-FZ", "article 12, part 1"),
    ),
    photo_from_age=Setting(
        14, "Age from which a card shows a photo", _own("the age of the first passport")
    ),
    photo_term=Setting(Term(6, Unit.MONTHS), "How old a photo may be", _own("a warning only")),
    documents_maximum=Setting(20, "Documents of one application, at most", _own("a bound")),
    retention_term=Setting(
        Term(60, Unit.MONTHS),
        "After a person's last policy was closed, that their data are kept readable",
        _own("no official term was found"),
    ),
)

RULES_2022: Final = replace(
    RULES_2011,
    name="2022",
    chip_cards_issued=Setting(
        value=False,
        words=RULES_2011.chip_cards_issued.words,
        source=Source(_ORDER, "items 28 to 30, wording of Order 789n of 13.12.2022"),
    ),
    year_end_categories=Setting(
        frozenset({Category.PERMANENT_RESIDENT, Category.STATELESS}),
        RULES_2011.year_end_categories.words,
        Source(_ORDER, "policies of foreigners and stateless persons", Basis.FIELD),
    ),
    certificate_term=Setting(
        Term(45, Unit.WORKING_DAYS),
        RULES_2011.certificate_term.words,
        Source(_FUNDS, "temporary certificate, 2022", Basis.FIELD),
    ),
    newborn_term=Setting(
        Term(30, Unit.DAYS),
        RULES_2011.newborn_term.words,
        Source(_LAW, "article 16, part 3, wording since 2016"),
    ),
)

RULE_SETS: Final = {one.name: one for one in (RULES_2011, RULES_2022)}
DEFAULT_RULES: Final = RULES_2011
