"""The run as JUnit XML: a test suite a group, a test case a case at a presentation."""

import re
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from cardservice.conformance.reports.lines import lines_of
from cardservice.conformance.results import Result, by_group, summary
from cardservice.conformance.terms import Group, Outcome

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


def junit(results: Sequence[Result]) -> str:
    """Return the document."""
    suites = "".join(_suite(group, of) for group, of in by_group(results).items())
    totals = _counts(results)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {totals}>\n{suites}</testsuites>\n'


def _suite(group: Group, results: Sequence[Result]) -> str:
    cases = "".join(_case(result) for result in results)
    name = _attribute(group.value)
    return f"<testsuite name={name} {_counts(results)}>\n{cases}</testsuite>\n"


def _counts(results: Sequence[Result]) -> str:
    counts = summary(results)
    seconds = sum(result.seconds for result in results)
    return (
        f'tests="{len(results)}" failures="{counts.failed}" errors="0" '
        f'skipped="{counts.not_run}" time="{seconds:.3f}"'
    )


def _case(result: Result) -> str:
    name = _attribute(f"{result.name} {result.case.title}")
    classname = _attribute(f"conformance.{result.case.group.name}")
    inside = _outcome(result)
    if result.exchanges:
        inside += f"<system-out>{_text(chr(10).join(lines_of(result)))}</system-out>"
    return (
        f"<testcase name={name} classname={classname} "
        f'time="{result.seconds:.3f}">{inside}</testcase>\n'
    )


def _outcome(result: Result) -> str:
    message = _attribute(f"{result.case.clause}: {result.why}")
    if result.outcome is Outcome.FAILED:
        return f"<failure message={message}/>"
    return f"<skipped message={message}/>" if result.outcome is Outcome.NOT_RUN else ""


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))


def _text(text: str) -> str:
    return escape(_NO_XML.sub("?", text))
