"""The run as one page that needs nothing else: every case, its clause, what was said."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Final

from cardservice.conformance.recording import MASK
from cardservice.conformance.reports.lines import lines_of
from cardservice.conformance.results import Result, Summary, by_group, summary
from cardservice.conformance.terms import Group, Outcome

_MARKS: Final = {Outcome.HELD: "held", Outcome.FAILED: "failed", Outcome.NOT_RUN: "not-run"}


def html_page(results: Sequence[Result], *, title: str) -> str:
    """Return the page; ``title`` says which card, when."""
    style = files("cardservice.conformance.reports").joinpath("page.css").read_text("utf-8")
    groups = by_group(results)
    rows = "".join(_row(group, summary(of)) for group, of in groups.items())
    sections = "".join(_section(group, of) for group, of in groups.items())
    heading = escape(title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{heading}</title>'
        f'<meta name="viewport" content="width=device-width"><style>\n{style}</style></head>\n'
        f"<body><main><h1>{heading}</h1>\n"
        f"<p>{_counted(summary(results))}. Octets of secrets and of files about a person are "
        f"masked: {MASK}.</p>\n"
        "<table><thead><tr><th>Group</th><th>held</th><th>failed</th><th>not run</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>\n{sections}</main></body></html>\n"
    )


def _counted(counts: Summary) -> str:
    return f"{counts.held} held, {counts.failed} failed, {counts.not_run} not run"


def _row(group: Group, counts: Summary) -> str:
    link = f'<a href="#{group.name}">{group.name} {escape(group.value)}</a>'
    cells = "".join(f"<td>{one}</td>" for one in (counts.held, counts.failed, counts.not_run))
    return f"<tr><th>{link}</th>{cells}</tr>"


def _section(group: Group, results: Sequence[Result]) -> str:
    cases = "".join(_case(result) for result in results)
    return f'<h2 id="{group.name}">{group.name}: {escape(group.value)}</h2>\n{cases}'


def _case(result: Result) -> str:
    outcome = f'<span class="outcome {_MARKS[result.outcome]}">{result.outcome}</span>'
    opened = " open" if result.outcome is Outcome.FAILED else ""
    said = escape("\n".join(lines_of(result)))
    why = f'<p class="why">{escape(result.why)}</p>' if result.why else ""
    exchanges = f"<pre>{said}</pre>" if said else ""
    return (
        f"<details{opened}><summary>{outcome} <b>{escape(result.name)}</b> "
        f"{escape(result.case.title)} <i>({escape(result.case.clause)})</i></summary>"
        f"{why}{exchanges}</details>\n"
    )
