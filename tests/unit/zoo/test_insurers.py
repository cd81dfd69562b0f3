"""The second insurer record of a card: as long as a card can carry, signed, the first kept."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from cardservice.errors import UsageError
from cardservice.home import zoo_insurers
from cardservice.home.zoo import open_issuer
from cardservice.home.zoo_insurers import longest_insurer
from cardservice.home.zoo_wishes import policy_order
from cardservice.policycard.insurer import decode_insurer, octets_without_signature
from simulators.card import image
from simulators.card.files import EF_INSURERS
from simulators.zoo.wishes import Wish, members_of
from tests.unit.zoo.test_issuer import issue

LIMIT = 2_048


@pytest.mark.parametrize("end_date", [None, "2099-12-31"])
def test_the_longest_insurer_file_fills_its_file_and_is_signed_by_its_certificate(
    end_date: str | None,
) -> None:
    octets = longest_insurer(policy_order(members_of(Wish(end_date=end_date), "one")).insurance)
    assert len(octets) == LIMIT == EF_INSURERS[0].limit
    signature = decode_insurer(octets).record.signature
    assert signature is not None
    r, s = (int.from_bytes(signature.signature[at : at + 32]) for at in (0, 32))
    key = load_der_x509_certificate(signature.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signed = octets_without_signature(octets)
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))


def test_a_length_that_nothing_comes_to_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoo_insurers, "_GUESSES", 0)
    with pytest.raises(UsageError, match="that length"):
        longest_insurer(policy_order(members_of(Wish(), "one")).insurance)


@pytest.mark.parametrize("profile", ["field", "protected", "private"])
def test_the_first_record_stays_and_the_pointer_names_the_second(
    tmp_path: Path, profile: str
) -> None:
    issuer, wish = open_issuer(tmp_path), Wish(profile=profile, next_insurer="longest")
    card, _ = issue(issuer, wish)
    first, second, third = (card.memory.get(file.cell) for file in EF_INSURERS[:3])
    assert first == issuer.files(members_of(wish, "a card"))["insurer"]
    assert second is not None
    assert len(second) == LIMIT
    assert third is None
    assert card.memory.get(image.POINTER) == bytes.fromhex("0302")
