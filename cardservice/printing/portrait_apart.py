"""A stranger's picture made into the photo of a card, in a process of its own.

The decoders are written in C. One that is led astray takes down, or takes over, a process with
little time and memory, which holds no key and no other person's data.
"""

import base64
import json
import subprocess
import sys
from typing import Any, Final

from cardservice.errors import Refusal, UsageError
from cardservice.papers.portrait_fitting import CARD_PORTRAIT, PortraitBounds
from cardservice.policycard.photo import Photo, PhotoFormat

WALL_S: Final = 30  # start of the process included
MOST_OCTETS: Final = 10 << 20  # of the file that is taken
_MODULE: Final = "cardservice.printing.portrait_process"


def fit_portrait_apart(octets: bytes, bounds: PortraitBounds = CARD_PORTRAIT) -> Photo:
    """Return the picture as the photo of a card, as ``papers.portrait_fitting.fit_portrait``.

    Args:
        octets: JPEG, PNG or JPEG 2000, at most ``MOST_OCTETS``.
        bounds: what the photo has to keep to.

    Raises:
        Refusal: as ``fit_portrait``; ``photo-unreadable`` also when the process was ended for
            time or memory, or broke.
    """
    if len(octets) > MOST_OCTETS:
        sentence = f"The photo has more than {MOST_OCTETS} octets."
        raise Refusal("photo-too-large", sentence, field="photo")
    answer = _asked(octets, bounds)
    try:
        if answer["refused"] is not None:
            code, sentence = answer["refused"]
            raise Refusal(str(code), str(sentence), field="photo")
        return _photo(answer["photo"], bounds)
    except (UsageError, ValueError, LookupError, TypeError):
        raise _unreadable() from None


def _photo(found: Any, bounds: PortraitBounds) -> Photo:
    # The process may have been taken over: what it says is judged like a stranger's.
    photo = Photo(PhotoFormat(found[0]), base64.b64decode(found[1], validate=True))
    if len(photo.image) > bounds.octets:
        raise UsageError("the photo is larger than it was asked to be")
    return photo


def _asked(octets: bytes, bounds: PortraitBounds) -> Any:
    wanted = (bounds.width, bounds.height, bounds.octets)
    # Without -I the working folder and PYTHON… variables could put other modules in the way.
    command = (sys.executable, "-I", "-B", "-m", _MODULE, *(str(one) for one in wanted))
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            command,
            input=octets,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_S,
            env={},
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError, RecursionError):
        raise _unreadable() from None


def _unreadable() -> Refusal:
    sentence = "The photo takes too much time or memory to decode, or breaks what decodes it."
    return Refusal("photo-unreadable", sentence, field="photo")
