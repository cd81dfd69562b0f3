"""GET /sign-in/…css: the style of the sign-in pages, at an address that names its content."""

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Response

from cardservice.web.assets import HASH_DIGITS
from cardservice.web.static_files import FOR_EVER

router = APIRouter(include_in_schema=False)


@cache
def style() -> bytes:
    """Return the style sheet; read once."""
    return files("cardservice.web.signin").joinpath("signin.css").read_bytes()


@cache
def style_url() -> str:
    """Return its address."""
    return f"/sign-in/style.{sha256(style()).hexdigest()[:HASH_DIGITS]}.css"


@router.get("/sign-in/style.{version}.css")
async def send_style(version: str) -> Response:
    """Send the style; another version is not found, never a wrong one."""
    if f"/sign-in/style.{version}.css" != style_url():
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(style(), media_type="text/css", headers={"Cache-Control": FOR_EVER})
