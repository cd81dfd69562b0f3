"""Asking a person for the passphrase of the key folder."""

import sys
from getpass import getpass

from cardservice.errors import UsageError


def ask_passphrase(question: str) -> str:
    """Return what the person types, unseen; empty where nobody sits at a terminal."""
    return getpass(question) if sys.stdin.isatty() else ""


def ask_new_passphrase(question: str) -> str:
    """Return the same, typed twice: with a slip in it nobody would ever open the keys.

    Raises:
        UsageError: the two differ.
    """
    first = ask_passphrase(question)
    if first and ask_passphrase("The same once more: ") != first:
        raise UsageError("the two passphrases differ; nothing was made")
    return first
