"""GET /static/…: the page's files, for ever at one address."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from simulators.web.assets import assets_by_url

FOR_EVER: Final = "public, max-age=31536000, immutable"  # a year: the address names the content

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}")
async def send_asset(name: str) -> Response:
    """Send the file; an address of another version is not found."""
    asset = assets_by_url().get(f"/static/{name}")
    if asset is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": FOR_EVER})
