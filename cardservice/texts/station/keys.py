"""Words of a station: the security module, whose faults the key store names."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

KEYS: Final[Mapping[str, Phrase]] = {
    "hsm-library": Phrase(
        "The security module's library cannot be loaded.",
        "Check the setting hsm_module, and that the module is set up for this user.",
    ),
    "hsm-token-missing": Phrase(
        "The token is not there.",
        "Insert or connect it, and compare its label and serial number with the settings.",
    ),
    "hsm-token-ambiguous": Phrase(
        "Several tokens have this label.",
        "Name the serial number too, in the setting hsm_serial.",
    ),
    "hsm-mechanism-missing": Phrase(
        "The module cannot do what is needed.",
        "Choose a module or a firmware that can.",
    ),
    "hsm-pin-wrong": Phrase(
        "The token refuses its PIN; it is not tried again.",
        "Correct the PIN before the next start: a few wrong ones lock the token.",
    ),
    "hsm-pin-last-try": Phrase(
        "The token allows one more PIN try only.",
        "Find out who tried wrong PINs, then log in once by hand with the module's own tool.",
    ),
    "hsm-pin-locked": Phrase(
        "The token's PIN is locked.",
        "Let its security officer set a new PIN.",
    ),
    "hsm-pin-unusable": Phrase(
        "The token's PIN is not set, has run out or has another form.",
        "Set the PIN with the module's own tool.",
    ),
    "hsm-session-lost": Phrase(
        "The session with the token was lost.",
        "Check the token and its connection, then resume all lanes.",
    ),
    "hsm-not-answering": Phrase(
        "The module does not answer.",
        "Check the module and its connection; if it stays, start the station again.",
    ),
    "hsm-forked": Phrase(
        "The module was opened in another process.",
        "Start the station again and tell its keeper.",
    ),
    "hsm-closed": Phrase(
        "The key store was closed.",
        "Start the station again.",
    ),
    "hsm-full": Phrase(
        "The token is full.",
        "Remove objects that nobody needs any more.",
    ),
    "hsm-read-only": Phrase(
        "The token is write-protected.",
        "Make keys on a token that is not.",
    ),
    "hsm-failed": Phrase(
        "The module refused.",
        "See the module's log and manual, then start the station again.",
    ),
    "hsm-key-missing": Phrase(
        "A key is not on the token.",
        "Generate it first, or choose the token that has it.",
    ),
    "hsm-key-taken": Phrase(
        "The token has a key of this name already.",
        "Choose another name.",
    ),
    "hsm-key-ambiguous": Phrase(
        "The token has several keys of one name.",
        "Find out which is in use, and rename the other with the module's own tool.",
    ),
    "hsm-key-exposed": Phrase(
        "A key may leave the token, or is of the wrong kind.",
        "Let nothing be issued with it; generate another under another name.",
    ),
    "hsm-key-foreign": Phrase(
        "No public key on the token belongs to the private key.",
        "Restore the public key object with the module's own tool.",
    ),
    "hsm-import-refused": Phrase(
        "The module takes no key from outside.",
        "Bring the key in with the module's own tool, sensitive and not extractable.",
    ),
}
