"""What became of the rows of a table, as its sender reads it; and the bad rows, to be mended."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Final, TypeAlias
from uuid import UUID

from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_base import FIRST, MAX_PAGE, Ask, Page
from cardservice.registry.ports_uploads import Upload, UploadRow
from cardservice.registry.uploads import refused_rows, upload_results, view_upload
from cardservice.uploads.tables.cells import RawRow, is_formula
from cardservice.uploads.tables.reading import raw_rows

REASONS: Final = "what_is_wrong"
"""Name of the column that a table of bad rows has besides its own; when sent it is left out."""

Findings: TypeAlias = tuple[tuple[str, str], ...]
"""Fields, perhaps empty, each with the code of what is wrong or doubtful there."""

_TEXT_MARK: Final = "'"  # before what a spreadsheet would compute: it shows it as text
_UNSEEN: Final = "\ufffd"


@unique
class Outcome(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    DOUBTFUL = "doubtful"  # taken, and something in it is to be looked at
    KNOWN = "known"  # it had become an application before
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What became of a row.

    Attributes:
        number: as a person counts in the file; the line of column names is 1.
        findings: field (may be empty) and code of what is wrong or doubtful.
        application: number and state of what it became.
        application_id: of that.
    """

    number: int
    outcome: Outcome
    findings: Findings
    application: tuple[str, str] | None
    application_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRows:
    """Rows that became nothing: names of columns; cells of each, and what is wrong with it."""

    header: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Findings], ...] = field(repr=False)


def row_results(
    office: Office,
    actor: Actor,
    upload: Upload,
    *,
    only_refused: bool = False,
    ask: Ask = FIRST,
) -> Page[RowResult]:
    """Return what became of the rows, in the order of the file; raises as ``view_upload``."""
    read = refused_rows if only_refused else upload_results
    page = read(office, actor, region=upload.region, upload_id=upload.id, ask=ask)
    with office.database.reading() as kept:
        rows = tuple(_result(kept, upload, one) for one in page.rows)
    return Page(rows=rows, after=page.after)


def bad_rows(office: Office, actor: Actor, upload: Upload, octets: bytes) -> BadRows:
    """Return the rows of a table that became nothing, as they stand in ``octets``.

    What a spreadsheet would compute is made text, and what cannot be seen is shown as a mark: who
    opens the rows to mend them is not to run what they were refused for.

    Raises:
        Refusal: as ``view_upload``, or what ``read_table`` says of ``octets``.
    """
    view_upload(office, actor, region=upload.region, upload_id=upload.id)
    wrong = dict(_refusals(office, actor, upload))
    header, *rows = raw_rows(octets)
    # Bad rows that were mended and sent again bring the column with the old reasons.
    places = [place for place, name in enumerate(header.cells) if name != REASONS]
    bad = [one for one in rows if one.number in wrong]
    cells = (tuple(_harmless(one, places)) for one in bad)
    found = (wrong[one.number] for one in bad)
    names = tuple(header.cells[place] for place in places)
    return BadRows(header=names, rows=tuple(zip(cells, found, strict=True)))


def _harmless(row: RawRow, places: Iterable[int]) -> Iterator[str]:
    for place in places:
        cell = row.cells[place] if place < len(row.cells) else ""
        shown = "".join(one if one.isprintable() else _UNSEEN for one in cell)
        yield _TEXT_MARK + shown if is_formula(shown) else shown


def _refusals(office: Office, actor: Actor, upload: Upload) -> Iterator[tuple[int, Findings]]:
    after = None
    while True:
        ask = Ask(limit=MAX_PAGE, after=after)
        page = refused_rows(office, actor, region=upload.region, upload_id=upload.id, ask=ask)
        yield from ((one.number, _findings(one)) for one in page.rows)
        after = page.after
        if after is None:
            return


def _result(kept: Work, upload: Upload, row: UploadRow) -> RowResult:
    findings, made = _findings(row), row.application_id
    if made is None:
        outcome, application = Outcome.REFUSED, None
    else:
        found = kept.applications.get(upload.region, made)
        application = found.number, found.state
        outcome = Outcome.DOUBTFUL if findings else Outcome.TAKEN
        # Ids go by time: what is older than the table was not made of it.
        if found.id < upload.id:
            outcome = Outcome.KNOWN
    return RowResult(
        number=row.number,
        outcome=outcome,
        findings=findings,
        application=application,
        application_id=made,
    )


def _findings(row: UploadRow) -> Findings:
    said = row.findings if isinstance(row.findings, list | tuple) else ()
    maps = (one for one in said if isinstance(one, Mapping))
    return tuple(dict.fromkeys((str(one["field"]), str(one["code"])) for one in maps))
