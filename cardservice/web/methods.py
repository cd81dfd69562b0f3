"""Which methods an address has, over all routes that are there.

Source: RFC 9110, section 15.5.6: an answer 405 names all of them.
"""

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path


def allowed_methods(request: Request) -> str:
    """Return the methods of the address that was asked, as the field Allow has them."""
    path = request.url.path
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and route.methods and compile_path(route.path)[0].match(path):
            found |= route.methods
    return ", ".join(sorted(found))
