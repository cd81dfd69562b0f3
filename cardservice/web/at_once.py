"""Dependencies that only look at the request, and so need no thread of their own.

The framework runs a plain function beside the event loop, since it might wait for a disk or a
network; going there and back costs more than such a look takes, for each of them in each request.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def at_once(look: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """Return ``look`` as a dependency that is called where the request is.

    Args:
        look: a function that waits for nothing; the same one gives the same dependency, so that
            the framework asks once for a request.
    """

    @functools.wraps(look)
    async def dependency(*args: P.args, **kwargs: P.kwargs) -> R:
        return look(*args, **kwargs)

    return dependency
