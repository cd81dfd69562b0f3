"""``cardsim map``: every octet of a card named, and two cards compared field by field."""

import json
from pathlib import Path
from typing import Final

import click

from simulators.card import StateFileError
from simulators.card.state_file import load_cells
from simulators.cardmap import CardMap, Comparison, compare, map_image
from simulators.cardmap.json_form import document_of
from simulators.cardmap.page import page_of
from simulators.cardmap.reading import visible
from simulators.cardmap.showing import Showing
from simulators.cardmap.text import comparison_lines, map_lines
from simulators.cli.problem import reports_problems
from simulators.reader.errors import ReaderSetupError

EXIT_DIFFERENT: Final = 3

_PATH: Final = click.Path(path_type=Path)


@click.command("map")
@click.argument("file", type=_PATH)
@click.argument("other", type=_PATH, required=False)
@click.option("--html", type=_PATH, help="Write one self-contained page to this file instead.")
@click.option("--json", "as_json", is_flag=True, help="Print a document for programs.")
@click.option("--unmasked", is_flag=True, help="Show personal values; secrets are never shown.")
def command(
    file: Path, other: Path | None, html: Path | None, *, as_json: bool, unmasked: bool
) -> None:
    """Name every octet of the card whose memory is FILE; with OTHER, compare the two.

    FILE and OTHER are state files of software cards and are only read. Exit codes with OTHER: 0 the
    same, 3 they differ, 1 not possible.

    Example: cardsim map anna.card boris.card --html map.html
    """
    with reports_problems():
        cards = {_title(path): _card(path) for path in (file, other) if path is not None}
        comparison = _comparison(cards, file, other)
        showing = Showing(unmasked=unmasked)
        if html is not None:
            _keep_from(html, (file, other))
            _write(html, page_of(cards, comparison, showing))
    if as_json:
        document = document_of(cards, comparison, showing)
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif html is None or comparison is not None:
        _print(cards, comparison, showing)
    if html is not None:
        click.echo(f"Written: {html}", err=True)
    if comparison is not None and not comparison.same:
        raise SystemExit(EXIT_DIFFERENT)


def _title(path: Path) -> str:
    return visible(str(path))


def _card(path: Path) -> CardMap:
    try:
        return map_image(load_cells(path))
    except StateFileError as error:
        raise ReaderSetupError(str(error), remedy="or make a new one: cardsim new FILE") from error


def _comparison(cards: dict[str, CardMap], file: Path, other: Path | None) -> Comparison | None:
    return None if other is None else compare(cards[_title(file)], cards[_title(other)])


def _print(cards: dict[str, CardMap], comparison: Comparison | None, showing: Showing) -> None:
    titles = list(cards)
    if comparison is None:
        lines = map_lines(cards[titles[0]], showing, title=titles[0])
    else:
        lines = comparison_lines(comparison, showing, titles=(titles[0], titles[-1]))
    for line in lines:
        click.echo(line)


def _keep_from(page: Path, cards: tuple[Path | None, ...]) -> None:
    """Refuse to write the page over a card."""
    if page.exists() and any(card is not None and page.samefile(card) for card in cards):
        raise ReaderSetupError(f"{page} is a card", remedy="choose another name for the page")


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ReaderSetupError(
            f"{path} cannot be written ({error.strerror})",
            remedy="choose a folder you may write to",
        ) from error
