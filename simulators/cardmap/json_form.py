"""The map as a document for programs."""

from typing import Any, Final

from simulators.cardmap.comparing import Comparison, Outcome, Row, Side, title_of
from simulators.cardmap.showing import Showing
from simulators.cardmap.spans import (
    CardMap,
    MappedCell,
    MappedDirectory,
    MappedFile,
    MappedOctets,
    Span,
)

FORMAT: Final = "card-map"
VERSION: Final = 1

Document = dict[str, Any]


def document_of(
    cards: dict[str, CardMap], comparison: Comparison | None, showing: Showing
) -> Document:
    """Return what ``--json`` prints: the cards by their titles, and the comparison of two."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "masked": not showing.unmasked,
        "cards": [{"title": title, **_card(card, showing)} for title, card in cards.items()],
        "comparison": None if comparison is None else _comparison(comparison, showing),
    }


def _card(card: CardMap, showing: Showing) -> Document:
    return {
        "cells": [_cell(cell, showing) for cell in card.cells],
        "directories": [_directory(one, showing) for one in card.directories],
    }


def _cell(cell: MappedCell, showing: Showing) -> Document:
    if cell.mapped is None:
        return {"name": title_of(cell), "secret": True, "meaning": str(cell.meaning)}
    return {"name": cell.name, "secret": False, **_span(cell.mapped, cell.mapped.span, showing)}


def _directory(directory: MappedDirectory, showing: Showing) -> Document:
    return {
        "name": directory.name,
        "aid": directory.aid.hex().upper(),
        "select": _span(directory.control, directory.control.span, showing),
        "files": [_file(file, showing) for file in directory.files],
    }


def _file(file: MappedFile, showing: Showing) -> Document:
    return {
        "name": file.name,
        "id": f"{file.fid:04X}",
        "sfi": f"{file.sfi:02X}" if file.sfi else None,
        "limit": file.limit,
        "select": _span(file.control, file.control.span, showing),
        "content": _span(file.mapped, file.mapped.span, showing),
    }


def _span(mapped: MappedOctets, span: Span, showing: Showing) -> Document:
    meaning = showing.meaning(span)
    document: Document = {
        "title": showing.title(span),
        "part": span.part,
        "offset": span.start,
        "octets": len(span),
        "clause": span.clause or None,
        "meaning": None if meaning is None else str(meaning),
        "reason": span.reason,
    }
    if span.children:
        document["inside"] = [_span(mapped, child, showing) for child in span.children]
    else:
        masked = showing.is_masked(span)
        document["masked"] = masked
        document["hex"] = None if masked else mapped.octets(span).hex().upper()
    return document


def _comparison(comparison: Comparison, showing: Showing) -> Document:
    return {
        "same": comparison.same,
        "counts": {outcome: comparison.count(outcome) for outcome in Outcome},
        "fields": [_row(row, showing) for row in comparison.rows],
    }


def _row(row: Row, showing: Showing) -> Document:
    return {
        "path": list(row.path),
        "outcome": row.outcome,
        "note": row.note,
        "first": _side(row.one, showing),
        "second": _side(row.other, showing),
    }


def _side(side: Side | None, showing: Showing) -> str | None:
    return None if side is None else showing.value(side)
