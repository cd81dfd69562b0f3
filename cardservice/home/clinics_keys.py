"""The secret of the service for clinics, in the key store that its processes share."""

from dataclasses import dataclass, field
from typing import Final

from cardservice.home.office_keys import SECRET_OCTETS
from cardservice.pki.keys import KeyStore, KeyStoreError, SecretKey
from cardservice.uploads.derivation import derive

ACCESS_SECRET: Final = "office-access"  # noqa: S105 - its name
_ACCESS: Final = "access tokens of clinics"
_VERSIONS: Final = "versions of FHIR resources"
_CARDS: Final = "cards that desks told of"


@dataclass(frozen=True, slots=True)
class ClinicKeys:
    """Keys of 32 octets, each for one thing.

    Attributes:
        access: authenticates access tokens of desks.
        versions: digests of FHIR resources are made under it.
        cards: numbers of cards are kept as digests under it.
    """

    access: bytes = field(repr=False)
    versions: bytes = field(repr=False)
    cards: bytes = field(repr=False)


def open_clinic_keys(keys: KeyStore) -> ClinicKeys:
    """Return the keys; their secret is made when there is none.

    Raises:
        KeyStoreError: the store refused.
    """
    secret = _secret(keys)
    return ClinicKeys(derive(secret, _ACCESS), derive(secret, _VERSIONS), derive(secret, _CARDS))


def _secret(keys: KeyStore) -> SecretKey:
    if ACCESS_SECRET not in keys.names():
        try:
            return keys.generate_secret(ACCESS_SECRET, octets=SECRET_OCTETS)
        except KeyStoreError:
            # Another process may have been first; then the key is there, and it is the one.
            return keys.secret(ACCESS_SECRET)
    return keys.secret(ACCESS_SECRET)
