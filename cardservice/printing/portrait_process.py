"""What runs in the process apart: limits first, then one picture from standard input."""

import base64
import json
import sys
from typing import Any

from cardservice.errors import Refusal
from cardservice.papers.portrait_fitting import PortraitBounds, fit_portrait
from cardservice.uploads.apart_process import limit_this_process


def main() -> None:
    """Write the photo, or why there is none, to standard output as JSON.

    Arguments: width, height and octets of ``PortraitBounds``.
    """
    limit_this_process()
    width, height, octets = (int(one) for one in sys.argv[1:])
    bounds = PortraitBounds(width=width, height=height, octets=octets)
    print(json.dumps(answer(sys.stdin.buffer.read(), bounds)))  # noqa: T201


def answer(octets: bytes, bounds: PortraitBounds) -> dict[str, Any]:
    """Return ``photo``: format and base64, and ``refused``: code and sentence; one is None."""
    try:
        photo = fit_portrait(octets, bounds)
    except Refusal as refusal:
        return {"photo": None, "refused": (refusal.code, refusal.sentence)}
    image = base64.b64encode(photo.image).decode("ascii")
    return {"photo": (int(photo.format), image), "refused": None}


if __name__ == "__main__":
    main()
