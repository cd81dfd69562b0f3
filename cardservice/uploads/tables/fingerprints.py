"""What makes a row the same row when it is sent again: its content, not its place or format."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from cardservice.domain.order_columns import Column, cell
from cardservice.domain.texts import tidy
from cardservice.pki.keys import SecretKey
from cardservice.uploads.derivation import derive

_LABEL: Final = "row fingerprint"
_LENGTH_OCTETS: Final = 4


class RowFingerprints:
    """Fingerprints of one sender's rows.

    Args:
        secret: of the key store. Without it nobody can try out which person a fingerprint is of.
        sender: whose rows they are, e.g. an employer's id: the same row of two senders is two.
    """

    def __init__(self, secret: SecretKey, *, sender: str) -> None:
        self._key = derive(secret, _LABEL, sender.encode())

    def of(self, row: Mapping[str, str]) -> str:
        """Return 64 hexadecimal digits: HMAC-SHA256 over our columns' tidied cells, in our order.

        Other columns, the columns' order, the encoding and the format of the file do not count.
        """
        mac = hmac.new(self._key, digestmod=sha256)
        for column in Column:
            octets = tidy(cell(row, column)).encode()
            mac.update(len(octets).to_bytes(_LENGTH_OCTETS) + octets)
        return mac.hexdigest()
