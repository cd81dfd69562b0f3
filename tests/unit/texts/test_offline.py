"""Every fault in what a desk keeps fresh has its words."""

from cardservice.desk.freshness import LIST_MISSING, TIME_NOT_PROVED, TRUST_MISSING
from cardservice.desk.kept import FILE_DAMAGED, FILE_UNWRITTEN
from cardservice.desk.signed_time import TimeFault
from cardservice.desk.trust_bundle import TrustFault
from cardservice.pki.status_list import StatusListFault
from cardservice.texts.offline import KEPT, LISTS, OFFLINE, TIME, TRUST


def test_every_fault_has_a_sentence_and_says_what_to_do() -> None:
    assert set(LISTS) == set(StatusListFault)
    assert set(TRUST) == set(TrustFault)
    assert set(TIME) == set(TimeFault)
    assert set(KEPT) == {
        *(FILE_DAMAGED, FILE_UNWRITTEN),
        *(LIST_MISSING, TRUST_MISSING, TIME_NOT_PROVED),
    }
    for said in OFFLINE.values():
        assert said.sentence.endswith(".")
        assert (said.remedy or "").endswith(".")


def test_no_two_faults_have_the_same_code() -> None:
    assert len(OFFLINE) == len(LISTS) + len(TRUST) + len(TIME) + len(KEPT)
