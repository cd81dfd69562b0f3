"""Cards: listed, made, saved, mapped, forgotten; and the zoo they may come from."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from simulators.cardmap import map_image
from simulators.cardmap.json_form import document_of
from simulators.cardmap.showing import Showing
from simulators.web.context import Moved
from simulators.web.models import CardView, Judgement, NewCard, ZooView
from simulators.web.security import JSON_TYPE
from simulators.web.simulation import Simulation

router = APIRouter(tags=["cards"])

DOWNLOAD: Final = {"Content-Disposition": 'attachment; filename="card.json"'}


@router.get("/cards")
def list_cards(moved: Moved) -> list[CardView]:
    """Return the cards of the tray, then those of the zoo that nobody has used yet."""
    return [CardView.of(one) for one in moved.cards.listed()]


@router.put("/cards/{name}")
def make_card(name: str, wish: NewCard, moved: Moved, response: Response) -> CardView:
    """Make a card in place of one in no reader: blank, of the zoo, or from a state file."""
    if _make(moved, name, wish):
        response.status_code = HTTPStatus.CREATED
    return CardView.of(moved.cards.record(name))


@router.delete("/cards/{name}", status_code=HTTPStatus.NO_CONTENT)
def forget_card(name: str, moved: Moved) -> None:
    """Forget a card that is in no reader. One of the zoo is made afresh at its next use."""
    moved.cards.discard(name)


@router.get("/cards/{name}/image", response_class=Response)
def save_card(name: str, moved: Moved) -> Response:
    """Return the memory of a card as a state file, the secrets of a test card included."""
    return Response(moved.cards.image(name), media_type=JSON_TYPE, headers=DOWNLOAD)


@router.get("/cards/{name}/map")
def map_card(name: str, moved: Moved, *, unmasked: bool = False) -> dict[str, Any]:
    """Return the file tree with every octet named; personal values only if ``unmasked``."""
    card = map_image(moved.cards.cells(name))
    return document_of({name: card}, None, Showing(unmasked=unmasked))


@router.get("/zoo", tags=["zoo"])
def list_zoo(moved: Moved) -> list[ZooView]:
    """Return every card of the zoo with what must be judged of it."""
    return [
        ZooView(
            name=entry.name,
            about=entry.about,
            judged={
                way.value: Judgement(outcome=judged.outcome.value, reason=judged.reason)
                for way, judged in entry.judged.items()
            },
            has_image=entry.has_image,
        )
        for entry in moved.zoo.entries.values()
    ]


def _make(moved: Simulation, name: str, wish: NewCard) -> bool:
    if wish.zoo is not None:
        return moved.cards.put_zoo(name, wish.zoo)
    if wish.image is not None:
        return moved.cards.put_image(name, wish.image)
    return moved.cards.put_blank(name)
