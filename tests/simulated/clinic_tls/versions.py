"""Contexts of both ends, by the versions of TLS that they speak."""

import ssl
import warnings
from pathlib import Path

from tests.simulated.clinic_tls.authority import Files

_OLD = "ALL:@SECLEVEL=0"  # neither end offers 1.1 otherwise


def server_context(files: Files, most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """Return what a server answers by that speaks up to a version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    _limit(context, most)
    return context


def client_context(authority: Path, most: ssl.TLSVersion) -> ssl.SSLContext:
    """Return what a client asks by that speaks up to a version."""
    context = ssl.create_default_context(cafile=authority)
    _limit(context, most)
    return context


def _limit(context: ssl.SSLContext, most: ssl.TLSVersion) -> None:
    if most >= ssl.TLSVersion.TLSv1_2:
        context.maximum_version = most
        return
    context.set_ciphers(_OLD)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # they are what a test refuses
        context.minimum_version = context.maximum_version = most
