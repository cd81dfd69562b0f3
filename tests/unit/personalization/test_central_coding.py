"""Messages between a station and its central: each comes out as it went in, nothing else does."""

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.holder import Citizenship
from cardservice.errors import (
    AuthenticationError,
    CardRemovedError,
    CardServiceError,
    MalformedDataError,
    Refusal,
    StatusError,
    TimeBudgetError,
    UsageError,
)
from cardservice.personalization.central import (
    LONGEST_BEGIN,
    LONGEST_MESSAGE,
    Answered,
    Ask,
    Begin,
    Exchange,
    Failed,
    Made,
    Message,
    Reset,
    Said,
    WasReset,
)
from cardservice.personalization.central_calls import CALLS
from cardservice.personalization.central_coding import HEAD_LEN, decode, encode, made_in
from cardservice.personalization.central_errors import error_of, failed, link_error
from cardservice.personalization.journal import (
    CardMade,
    ChipKeyMade,
    DataStored,
    Intent,
)
from cardservice.personalization.journal_calls import CALLS as EVERY_CALL
from cardservice.personalization.lane_faults import code_of
from cardservice.personalization.making import SpoiledCardError
from cardservice.personalization.order import CardOrder
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.personalization.station import NotAsOrderedError
from cardservice.pki.keys import KeyStoreError
from cardservice.policycard.photo import PHOTO_LIMIT, Photo, PhotoFormat
from tests.chain import PHOTO, SIGNED, an_order, issued_card

CHIP, POINT = b"\x01" * 8, b"\x04" + bytes(64)
LIFE = CardLife(
    chip=CHIP,
    standing=Standing.MADE,
    order="order-a",
    number=7,
    signed_at=SIGNED,
    point=POINT,
    reason="lost",
    reported=True,
    sequence=12,
)
BEGIN = Begin(order=an_order(photo=PHOTO), order_id="order-a", lane=255, atr=b"\x3b" * 33)
MESSAGES: list[Message] = [
    BEGIN,
    Begin(order=an_order(), order_id=None, lane=1, atr=b"\x3b\x00"),
    Exchange(bytes(4)),
    Exchange(bytes(65_544)),
    Reset(),
    Answered(b"\x90\x00"),
    Answered(bytes(65_538)),
    WasReset(b"\x3b\x00"),
    Failed("refusal", "in-hand", "Another lane is at work.", 0),
    Failed("status", "", "The card refused.", 0x6985),
    Ask("note", (Intent(order="order-a", lane=1, number=7),)),
    Ask("note", (ChipKeyMade(chip=CHIP, point=POINT),)),
    Ask("note", (DataStored(chip=CHIP, order="order-a", number=7, signed_at=SIGNED),)),
    Ask("note", (CardMade(chip=CHIP, order="order-a", number=7, signed_at=SIGNED),)),
    Ask("life_of", (CHIP,)),
    Ask("holder_of", ("order-a",)),
    Ask("bearer_of", (7,)),
    Ask("is_foreign", (CHIP,)),
    Ask("take_in_hand", ("order-a",)),
    Ask("take_in_hand", (CHIP,)),
    Ask("let_go", (("order-a", CHIP),)),
    Ask("knows_used_cards", ()),
    Said("note", None),
    Said("life_of", LIFE),
    Said("life_of", CardLife(chip=CHIP, standing=Standing.SEEN)),
    Said("holder_of", None),
    Said("is_foreign", value=True),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_message_comes_out_as_it_went_in(message: Message) -> None:
    assert decode(encode(message, 9), 9) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_message_of_another_step_or_cut_short_is_none(message: Message) -> None:
    octets = encode(message, 9)
    with pytest.raises(MalformedDataError):
        decode(octets, 10)
    for cut in (octets[: HEAD_LEN - 1], b"", b"\x00" + octets[1:]):
        with pytest.raises(MalformedDataError):
            decode(cut, 9)


def test_a_made_card_crosses_without_its_order_and_gets_the_station_s_own() -> None:
    made = issued_card().made
    end = decode(encode(Made(made), 3), 3)
    assert isinstance(end, Made)
    own = an_order(index=99)
    got = made_in(end, own)
    assert got.order is own
    assert (got.chip_serial, got.signed_at, got.secrets) == (
        made.chip_serial,
        made.signed_at,
        made.secrets,
    )
    assert got.commands == made.commands
    assert got.examination.verdict is not None
    assert made.examination.verdict is not None
    assert got.examination.verdict.outcome is made.examination.verdict.outcome
    assert made.order.holder.surname.encode() not in encode(Made(made), 3)


def test_the_largest_order_fits_into_a_begin() -> None:
    order = an_order(photo=Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0" + bytes(PHOTO_LIMIT - 4)))
    long = "Я" * 60
    country = Citizenship("Я" * 10, "Я" * 100)
    holder = replace(
        order.holder,
        surname=long,
        given_name=long,
        patronymic=long,
        birth_place="Я" * 150,
        citizenship=country,
    )
    begin = replace(BEGIN, order=replace(order, holder=holder))
    assert len(encode(begin, 0)) < LONGEST_BEGIN


@given(st.binary(max_size=200))
def test_any_octets_are_a_message_or_malformed(octets: bytes) -> None:
    with suppress(MalformedDataError, Refusal):
        assert encode(decode(octets, 0), 0) == octets


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
_NAMED = [one for one in MESSAGES if encode(one, 0)[HEAD_LEN : HEAD_LEN + 1] == b"{"]


@given(st.sampled_from(_NAMED), st.data())
def test_any_value_in_any_member_is_a_message_or_malformed(
    message: Message, data: st.DataObject
) -> None:
    octets = encode(message, 0)
    members = json.loads(octets[HEAD_LEN:])
    name = data.draw(st.sampled_from(sorted(members)))
    members[name] = data.draw(_ANY_JSON)
    with suppress(MalformedDataError, Refusal):
        found = decode(octets[:HEAD_LEN] + json.dumps(members).encode(), 0)
        assert json.loads(encode(found, 0)[HEAD_LEN:]) == members


@given(st.sampled_from(sorted(json.loads(encode(BEGIN, 0)[HEAD_LEN:])["order"])), _ANY_JSON)
def test_any_value_in_any_member_of_an_order_is_refused_or_is_an_order(
    name: str, value: object
) -> None:
    octets = encode(BEGIN, 0)
    members = json.loads(octets[HEAD_LEN:])
    members["order"][name] = value
    with suppress(MalformedDataError, Refusal):
        found = decode(octets[:HEAD_LEN] + json.dumps(members).encode(), 0)
        assert json.loads(encode(found, 0)[HEAD_LEN:]) == members


def _changed(**values: object) -> bytes:
    octets = encode(BEGIN, 0)
    members = json.loads(octets[HEAD_LEN:])
    members["order"].update(values)
    return octets[:HEAD_LEN] + json.dumps(members).encode()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("enp", "1234567890123456"),
        ("surname", ""),
        ("surname", " Space"),
        ("surname", "Я" * 61),
        ("surname", "И\u0306"),
        ("birth_date", "2024-02-30"),
        ("birth_date", "20240201"),
        ("sex", "X"),
        ("snils", "11111111111"),
        ("insurer_ogrn", "1" * 13),
        ("okato", "45"),
        ("insurance_end", "1900-01-02"),
        ("fund", "fund!"),
        ("list", 1 << 16),
        ("index", -1),
        ("index", True),
        ("profile", 9),
        ("photo", "AAAA"),
        ("photo", "not base64"),
        ("photo", ""),
        ("expiry", "1900-01-01"),
    ],
)
def test_an_order_that_a_card_may_not_have_is_refused_and_not_quoted(
    member: str, value: object
) -> None:
    with pytest.raises((Refusal, MalformedDataError)) as error:
        decode(_changed(**{member: value}), 0)
    assert not isinstance(value, str) or len(value) < 5 or value not in str(error.value)


def test_an_order_with_a_member_too_many_or_too_few_is_refused() -> None:
    octets = encode(BEGIN, 0)
    members = json.loads(octets[HEAD_LEN:])
    whole: dict[str, object] = members["order"]
    wrong: list[object] = [{**whole, "more": ""}, {"enp": whole["enp"]}, [], None]
    for order in wrong:
        members["order"] = order
        with pytest.raises(Refusal):
            decode(octets[:HEAD_LEN] + json.dumps(members).encode(), 0)


def test_every_field_of_an_order_crosses() -> None:
    order = replace(
        an_order(photo=PHOTO),
        expiry=date(2031, 2, 3),
        insurance=replace(an_order().insurance, end_date=date(2040, 1, 1)),
    )
    begin = decode(encode(replace(BEGIN, order=order), 0), 0)
    assert isinstance(begin, Begin)
    for one in fields(CardOrder):
        assert getattr(begin.order, one.name) == getattr(order, one.name), one.name


def test_a_central_makes_fewer_calls_than_a_lane() -> None:
    assert set(EVERY_CALL) - set(CALLS) == {"service_of", "reported"}
    with pytest.raises(UsageError):
        encode(Ask("reported", (CHIP,)), 0)


ERRORS: list[CardServiceError] = [
    CardRemovedError("it left"),
    TimeBudgetError("too slow"),
    SpoiledCardError("half-made"),
    NotAsOrderedError("another"),
    AuthenticationError("a MAC"),
    MalformedDataError("octets"),
    UsageError("a wrong order"),
    Refusal("order-made", "It was made."),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_an_error_crosses_as_itself(error: CardServiceError) -> None:
    end = decode(encode(failed(error), 0), 0)
    assert isinstance(end, Failed)
    assert type(error_of(end)) is type(error)
    assert str(error_of(end)) == str(error)
    assert code_of(error_of(end)) == code_of(error)


def test_a_status_crosses_with_its_number() -> None:
    end = error_of(failed(StatusError(0x6982, "refused")))
    assert isinstance(end, StatusError)
    assert end.sw == 0x6982


def test_a_key_store_s_fault_crosses_as_its_code() -> None:
    end = error_of(failed(KeyStoreError("it is locked", remedy="unlock it")))
    assert code_of(end) == "keys-unavailable"


def test_of_a_fault_of_the_program_nothing_crosses() -> None:
    assert failed(ZeroDivisionError("what was typed")) == Failed("internal")


def test_only_faults_of_a_reader_are_a_station_s_to_say() -> None:
    assert isinstance(link_error(Failed("card-removed")), CardRemovedError)
    assert link_error(Failed("authentication")) is None
    assert link_error(Failed("refusal", "order-made")) is None


def test_no_message_shows_what_is_in_it() -> None:
    for message in (*MESSAGES, Made(issued_card().made)):
        shown = repr(message)
        assert BEGIN.order.holder.surname not in shown
        assert issued_card().made.secrets.pin not in shown
        assert "\\x90" not in shown


def test_the_longest_card_s_answer_fits_into_a_message() -> None:
    assert len(encode(Answered(bytes(65_538)), 0)) < LONGEST_MESSAGE
