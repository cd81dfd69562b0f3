"""The first and last octets of a PDF, judged before the process apart is started.

Source: ISO 32000-2, 7.5.2 and 7.5.5.
"""

from typing import Final

from cardservice.errors import Refusal

START: Final = b"%PDF-"
END: Final = b"%%EOF"


def require_frame(octets: bytes) -> None:
    """Pass octets that begin and end as a PDF does; raises Refusal ``pdf-damaged``."""
    tail = octets.rpartition(END)[2] if END in octets else b"-"
    if not octets.startswith(START) or tail.strip(b"\0\t\n\f\r "):
        raise damaged("it does not begin and end as a PDF does")


def damaged(what: str) -> Refusal:
    """Return the refusal of a PDF that breaks its format's rules."""
    return Refusal("pdf-damaged", f"The PDF is damaged: {what}.", field="file")
