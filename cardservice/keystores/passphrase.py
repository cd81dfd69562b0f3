"""Where the passphrase of a key folder comes from: the environment, or a person asked.

Never a command-line argument: every user of a machine sees those.
"""

import os
from collections.abc import Callable, Mapping

from cardservice.pki.keys import KeyStoreError

VARIABLE = "CARDSERVICE_KEY_PASSPHRASE"

Passphrase = Callable[[], str]
"""Returns the passphrase when it is first needed; raises KeyStoreError."""


def passphrase_from(
    environment: Mapping[str, str] = os.environ, *, prompt: Callable[[str], str] | None = None
) -> Passphrase:
    """Return a source that takes the variable and, without it, asks through ``prompt``.

    Args:
        prompt: shows its argument and returns what was typed, unseen (``getpass.getpass``);
            None where nobody sits.
    """

    def source() -> str:
        given = environment.get(VARIABLE)
        if given is None and prompt is not None:
            given = prompt("Passphrase of the key folder: ")
        if not given:
            raise KeyStoreError("no passphrase for the key folder", remedy=f"set {VARIABLE}")
        return given

    return source
