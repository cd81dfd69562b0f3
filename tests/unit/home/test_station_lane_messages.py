"""What crosses between a station and a lane: codes and sentences, no traceback, nothing secret."""

import pickle

import pytest

from cardservice.errors import CardRemovedError, ReaderUnavailableError, Refusal
from cardservice.home.station_keys import KeySecrets
from cardservice.home.station_lane_messages import Begin, Do, Failure, LanePlan, failure_of
from cardservice.personalization.jobs import Job
from cardservice.personalization.lane_worker import LaneFaultError
from cardservice.settings import load_settings
from cardservice.transport.feeders import FeederError
from tests.chain import an_order

CHIP = bytes(range(8))


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Refusal("card-not-blank", "Used."), Failure("card-not-blank", "Used.", CHIP)),
        (CardRemovedError("Gone."), Failure("card-removed", "Gone.", CHIP)),
        (FeederError("feeder-fault", "Jam."), Failure("feeder-fault", "Jam.", CHIP)),
        (
            ReaderUnavailableError("No reader", remedy="plug it in"),
            Failure("reader-unavailable", "No reader (plug it in)", CHIP),
        ),
        (LaneFaultError("blank-missing", "Empty."), Failure("blank-missing", "Empty.", CHIP)),
        (LaneFaultError("x", "y", chip=b"others!!"), Failure("x", "y", b"others!!")),
    ],
)
def test_errors_that_are_meant_cross_with_code_sentence_and_chip(
    error: Exception, failure: Failure
) -> None:
    crossed = pickle.loads(pickle.dumps(failure_of(error, chip=CHIP)))  # noqa: S301 - our own
    assert crossed == failure
    fault = crossed.fault()
    assert (fault.code, fault.sentence, fault.chip) == (
        failure.code,
        failure.sentence,
        failure.chip,
    )
    assert crossed.refusal().code == failure.code


def test_of_an_error_nobody_meant_only_kind_and_place_cross() -> None:
    def fail() -> None:
        raise ValueError("Иванова 4076 1234")

    with pytest.raises(ValueError) as caught:  # noqa: PT011 - any will do
        fail()
    failure = failure_of(caught.value)
    assert failure.code == "internal"
    assert "ValueError at test_station_lane_messages.py:" in failure.sentence
    assert "4076" not in failure.sentence
    assert "an unknown place" in failure_of(ValueError("4076")).sentence


def test_messages_cross_whole_and_show_nothing_of_people_or_keys() -> None:
    settings = load_settings(home="/nowhere")
    order = an_order()
    begin = Begin(LanePlan(settings=settings, number=1, reader="sim:"), KeySecrets("xyzzy", b"12"))
    do = Do(Job(order_id="order-1", order=order), None)
    for message in (begin, do):
        assert pickle.loads(pickle.dumps(message)) == message  # noqa: S301 - our own
    said = repr((begin, do))
    assert order.holder.surname not in said
    assert "xyzzy" not in said
