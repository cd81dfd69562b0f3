"""A country's status list for the measurements: 22 million cards, one in a hundred not valid."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from bench.figures import Pace
from cardservice.domain.lives import CardState
from cardservice.home.issuer import utc_now
from cardservice.keystores.software_keys import generate_key
from cardservice.pki.authority import create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.names import Fund, root_name
from cardservice.pki.status_list import CARD_BITS, StatusList, compress
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from cardservice.pki.status_list_trust import LIST_SIGNER_TERMS, STATUS_LIST_TYPE, ListSigners
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.registry.stations_numbers import INDEX_BITS, LIST_NUMBER
from cardservice.registry.status_lists import Built, Mark, build

CARDS: Final = 22_000_000
PLACES: Final = 1 << 25
NOT_VALID: Final = 0.01  # of the cards; half of them blocked, half terminated
QUICK_SHARE: Final = 256  # a quick look needs no country
URI: Final = "https://oms.example.org/statuslists/1"
_SEED: Final = 22  # the same list in every run


@dataclass(frozen=True, slots=True)
class CountryRows:
    """A register that yields its cards that are not active, as one that is asked does."""

    cards: tuple[tuple[int, str], ...] = field(repr=False)

    def marks(self) -> Mapping[str, Mark]:
        """Return none: nothing follows this list."""
        return {}

    def knows(self, region: str, mark: Mark) -> bool:
        """Say no: there are no marks."""
        return not (region or mark)

    def not_active(self) -> Iterator[tuple[int, str | None]]:
        """Yield all there are."""
        return iter(self.cards)

    def touched(self, region: str, after: int) -> Iterator[int]:
        """Yield nothing."""
        yield from range(0 * after * len(region))

    def states(self, numbers: Iterable[int]) -> Iterator[tuple[int, str | None]]:
        """Yield nothing."""
        yield from ((one, None) for one in numbers if one < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What the measurements are made of.

    Attributes:
        cards: how many there are.
        issued: of the lists signed here.
    """

    cards: int
    places: int
    rows: CountryRows
    signer: StatusListSigner
    signers: ListSigners
    issued: datetime

    def build(self) -> Built:
        """Return the list built from the register as a whole."""
        return build(self.rows, number=LIST_NUMBER, places=self.places)

    def sign(self, listed: StatusList, form: TokenForm = TokenForm.CWT) -> bytes:
        """Return the list compressed and signed."""
        claims = StatusListClaims(
            uri=URI,
            issued=self.issued,
            expires=self.issued + timedelta(hours=96),
            ttl=timedelta(minutes=30),
            bits=CARD_BITS,
            lst=compress(listed),
        )
        return self.signer.sign(claims, form)


def country(pace: Pace) -> Country:
    """Return the country; a small one for a quick look."""
    share = QUICK_SHARE if pace.runs == 1 else 1
    cards, places = CARDS // share, PLACES // share
    signer, signers, issued = _signer()
    return Country(
        cards=cards,
        places=places,
        rows=_rows(round(cards * NOT_VALID), places),
        signer=signer,
        signers=signers,
        issued=issued,
    )


def _rows(count: int, places: int) -> CountryRows:
    drawn = Random(_SEED).sample(range(places), count)  # noqa: S311 - a list for measuring
    states = (CardState.BLOCKED.value, CardState.TERMINATED.value)
    first = LIST_NUMBER << INDEX_BITS
    return CountryRows(tuple((first | one, states[n % 2]) for n, one in enumerate(drawn)))


def _signer() -> tuple[StatusListSigner, ListSigners, datetime]:
    now = utc_now().replace(microsecond=0)
    begin = now - timedelta(days=1)
    root_key, key = generate_key(ECDSA_P256_SHA256), generate_key(ECDSA_P256_SHA256)
    root = create_root(root_key, subject=root_name("ОМС"), serial=1, at=begin)
    octets = root.issue_signer(
        Fund("00000", "Образцовый фонд ОМС"),
        public_key=key.public_key,
        serial=2,
        at=begin,
        terms=LIST_SIGNER_TERMS,
        types=(STATUS_LIST_TYPE,),
    )
    revocations = root.issue_revocations((), number=1, at=begin)
    signers = ListSigners([root.certificate.der], revocations=[revocations], production=True)
    return StatusListSigner(parse_certificate(octets), key), signers, now
