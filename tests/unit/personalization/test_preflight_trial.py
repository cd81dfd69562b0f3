"""One row's trial on a software card: what it finds, and that it needs nothing of a home."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cardservice.domain.holder import Holder
from cardservice.errors import CardRemovedError, ReaderUnavailableError, UsageError
from cardservice.home import station_preflight_trial
from cardservice.home.issuer import DEMONSTRATION_FUND
from cardservice.home.station_preflight_issuer import TrialIssuer, make_trial_issuer
from cardservice.home.station_preflight_photos import row_photos
from cardservice.home.station_preflight_trial import CardTrial, TrialPlan, find_software_card
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.personalization.preflight import Candidate, Fault
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.settings import load_settings
from cardservice.transport.link import CardLink
from tests.chain import PHOTO, an_order
from tests.unit.papers.portraits import portrait_of, written

Change = Callable[[CardOrder], CardOrder]


@pytest.fixture(scope="module")
def issuer() -> TrialIssuer:
    return make_trial_issuer(DEMONSTRATION_FUND)


@pytest.fixture
def trial(issuer: TrialIssuer) -> CardTrial:
    return CardTrial(issuer, find_software_card())


def candidate(order: CardOrder | None = None) -> Candidate:
    return Candidate(row=2, order=order or an_order())


def person(**changes: object) -> Change:
    return lambda order: replace(order, holder=replace(order.holder, **changes))  # type: ignore[arg-type]


def insured(**changes: object) -> Change:
    return lambda order: replace(order, insurance=replace(order.insurance, **changes))  # type: ignore[arg-type]


def of_order(**changes: object) -> Change:
    return lambda order: replace(order, **changes)  # type: ignore[arg-type]


CHANGES: dict[str, Change] = {
    "enp": person(enp="0050610893000021"),
    "surname": person(surname="Подменов"),
    "given_name": person(given_name="Пётр"),
    "patronymic": person(patronymic="Петрович"),
    "birth_date": person(birth_date=date(1970, 1, 1)),
    "birth_place": person(birth_place="Рязань"),
    "citizenship": person(citizenship=None),
    "snils": person(snils=None),
    "ogrn": insured(ogrn="1009900000010"),
    "okato": insured(okato="00009"),
    "start_date": insured(start_date=date(2020, 2, 2)),
    "end_date": insured(end_date=date(2030, 2, 2)),
    "issue_date": of_order(issue_date=date(2020, 2, 2)),
    "expiry": of_order(expiry=date(2030, 2, 2)),
    "photo": of_order(photo=Photo(PhotoFormat.JPEG, PHOTO.image[:-1])),
}


def with_other_files(wanted: CardOrder, change: Change) -> PreparedOrder:
    """Return the order with the files of a changed one: an encoder that makes a mistake."""
    return replace(prepare(change(wanted)), order=wanted)


def test_a_good_order_with_and_without_a_photo_has_no_faults(trial: CardTrial) -> None:
    assert trial(candidate()) == ()
    assert trial(candidate(an_order(photo=PHOTO))) == ()


@pytest.mark.parametrize("field", CHANGES)
def test_a_field_that_the_card_shows_otherwise_is_named(
    field: str, trial: CardTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        station_preflight_trial, "prepare", lambda order: with_other_files(order, CHANGES[field])
    )
    wanted = an_order(photo=PHOTO)
    sentence = "The card shows it otherwise than it was ordered."
    assert trial(candidate(wanted)) == (Fault("not-as-ordered", sentence, field),)


def test_another_sex_is_named(trial: CardTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    sexes = type(an_order().holder.sex)
    other = next(one for one in sexes if one is not an_order().holder.sex)
    monkeypatch.setattr(
        station_preflight_trial, "prepare", lambda order: with_other_files(order, person(sex=other))
    )
    assert [fault.field for fault in trial(candidate())] == ["sex"]


def test_every_field_of_a_person_and_an_insurance_is_held_against_the_order() -> None:
    fields = {*Holder.__slots__, *type(an_order().insurance).__slots__}
    assert fields <= {*CHANGES, "sex"}


@pytest.mark.parametrize(
    ("large", "name"), [({"owner": 24_577}, "owner"), ({"insurer": 2_049}, "insurer")]
)
def test_a_file_above_its_limit_is_named_before_a_card_is_touched(
    large: dict[str, int],
    name: str,
    issuer: TrialIssuer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    octets = {one: bytes(size) for one, size in large.items()}
    monkeypatch.setattr(
        station_preflight_trial,
        "prepare",
        lambda order: replace(prepare(order), **octets),  # type: ignore[arg-type]
    )
    (fault,) = CardTrial(issuer, no_card)(candidate())
    assert (fault.code, fault.field) == ("file-too-large", name)
    assert str(large[name]) in fault.sentence


def test_files_that_fit_one_by_one_and_not_together_are_refused(
    issuer: TrialIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardservice.personalization.preflight_comparison.TOTAL_LIMIT", 2_000)
    (fault,) = CardTrial(issuer, no_card)(candidate())
    assert (fault.code, fault.field) == ("card-full", None)


def test_a_text_that_cannot_be_written_is_refused_without_showing_it(issuer: TrialIssuer) -> None:
    order = person(surname="Скрытый\u200b")(an_order())
    (fault,) = CardTrial(issuer, no_card)(candidate(order))
    assert fault.code == "not-writable"
    assert "Surname" in fault.sentence
    assert "Скрытый" not in fault.sentence


def test_a_card_that_leaves_is_no_fault_of_the_file(issuer: TrialIssuer) -> None:
    (fault,) = CardTrial(issuer, TornCard)(candidate())
    assert fault.code == "card-not-made"


def test_a_row_without_an_order_is_not_tried(issuer: TrialIssuer) -> None:
    assert CardTrial(issuer, no_card)(Candidate(row=2)) == ()


def test_the_plan_of_a_process_is_carried_out_by_calling_it() -> None:
    assert TrialPlan(DEMONSTRATION_FUND)()(candidate()) == ()


def test_without_a_software_card_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station_preflight_trial, "SOFTWARE_CARD", "no-such-kind")
    with pytest.raises(ReaderUnavailableError, match="install"):
        find_software_card()


def test_the_photo_of_a_row_is_fitted_and_goes_onto_its_card(
    issuer: TrialIssuer, tmp_path: Path
) -> None:
    (tmp_path / "2.jpg").write_bytes(written(portrait_of(324, 414)))
    photos = row_photos(tmp_path, load_settings())
    assert photos is not None
    fitted = photos.of_row(2)
    assert fitted is not None
    assert fitted.format is PhotoFormat.JPEG
    assert photos.of_row(3) is None
    assert CardTrial(issuer, find_software_card(), photos)(candidate()) == ()


def test_a_photo_that_is_none_is_refused_with_its_field(
    issuer: TrialIssuer, tmp_path: Path
) -> None:
    (tmp_path / "2.jpg").write_bytes(b"no picture")
    trial = CardTrial(issuer, no_card, row_photos(tmp_path, load_settings()))
    (fault,) = trial(candidate())
    assert fault.code.startswith("photo-")
    assert fault.field == "photo"


def test_settings_for_a_photo_that_no_card_takes_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        row_photos(tmp_path, load_settings(photo_octets=40_000))


def no_card() -> CardLink:
    raise AssertionError("a card was opened")


class TornCard:
    """A blank card that leaves at the first command."""

    atr = b""

    def exchange(self, _: bytes) -> bytes:
        raise CardRemovedError("the card left")

    def reset(self) -> bytes:
        raise CardRemovedError("the card left")

    def close(self) -> None:
        """Nothing is left to let go of."""
