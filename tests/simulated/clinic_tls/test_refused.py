"""Who cannot prove to be the service is refused by code, and was told nothing."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from cardservice.desk.freshness import Topic
from cardservice.desklink.link import Question
from cardservice.desklink.terms import ServiceTerms
from cardservice.desklink.tokens import DeskTokens
from cardservice.errors import SourceUnavailableError, UsageError
from cardservice.home.desk import desk_home
from cardservice.texts.desk_agent import SERVICE
from tests.cli.processes import Shell
from tests.simulated.clinic_tls.authority import (
    EARLY,
    ELSEWHERE,
    HERE,
    NOW,
    OVER,
    Authority,
    Names,
    Span,
)
from tests.simulated.clinic_tls.listener import PATIENCE_S, Listener, listener
from tests.simulated.clinic_tls.places import Place, Served, serving
from tests.simulated.clinic_tls.versions import server_context

CODE = "7Q3K-9XWD-2M5T"
Impostor = Callable[[Authority], ssl.SSLContext | None]


def another(authority: Authority, name: str) -> Authority:
    """Return one that the desk was not told of."""
    return Authority(Path(mkdtemp(dir=authority.folder)), name)


IMPOSTORS: dict[str, tuple[Impostor, str, str]] = {
    "wrong name": (
        lambda one: server_context(one.issue(ELSEWHERE)), "service-name-wrong", "another address"),
    "over": (
        lambda one: server_context(one.issue(span=OVER)), "service-certificate-over", "is over"),
    "not begun": (
        lambda one: server_context(one.issue(span=EARLY)), "service-certificate-over", "not begun"),
    "unknown authority": (
        lambda one: server_context(another(one, "Another").issue()),
        "service-authority-unknown", "does not know"),
    "authority of the same name": (
        lambda one: server_context(another(one, one.name).issue()),
        "service-authority-unknown", "does not know"),
    "its own authority": (
        lambda one: server_context(another(one, "127.0.0.1").own()),
        "service-authority-unknown", "does not know"),
    "a certificate of people": (
        lambda one: server_context(one.issue(usage=ExtendedKeyUsageOID.CLIENT_AUTH)),
        "service-wrong", "that no service may have"),
    "TLS 1.1": (
        lambda one: server_context(one.issue(), ssl.TLSVersion.TLSv1_1),
        "service-wrong", "TLS 1.2 or later"),
    "no TLS": (lambda _: None, "service-wrong", "TLS 1.2 or later"),
}  # fmt: skip


@contextmanager
def posing(name: str, authority: Authority) -> Iterator[Listener]:
    """Lend an impostor; afterwards nothing that was said was meant for the service."""
    with listener(IMPOSTORS[name][0](authority)) as one:
        yield one
        assert one.ended.wait(PATIENCE_S)
        assert one.said_nothing
        assert one.tls is None or one.plain == b""


def refused_as(name: str, error: SourceUnavailableError) -> None:
    """Expect that code and sentence of an impostor, and that a person is told what to do."""
    _, code, words = IMPOSTORS[name]
    assert (error.code, words in str(error)) == (code, True)
    assert SERVICE[error.code].remedy


@pytest.mark.parametrize("name", IMPOSTORS)
def test_an_impostor_does_not_learn_the_code_of_an_enrolment(
    name: str, authority: Authority, place: Place
) -> None:
    with posing(name, authority) as one:
        with pytest.raises(SourceUnavailableError) as error:
            place.enrol(one.address, CODE)
        refused_as(name, error.value)
        assert CODE not in str(error.value)
        assert one.connections == 1
    assert CODE.encode() not in one.raw
    assert not desk_home(place.settings).begun.exists()


def test_who_proves_to_be_the_service_learns_it(authority: Authority, place: Place) -> None:
    with listener(server_context(authority.issue())) as one, place.calls(one.address) as calls:
        one.answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(SourceUnavailableError):
            calls.preview(CODE)
        assert one.ended.wait(PATIENCE_S)
        assert not one.said_nothing
        assert CODE.encode() in one.plain
        assert CODE.encode() not in one.raw


@pytest.fixture(scope="module")
def enrolled(
    served: Served, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Place:
    """A desk of the real service."""
    place = Place(tmp_path_factory.mktemp("enrolled") / "desk", authority.file)
    place.enrol(served.address, served.code)
    return place


@pytest.mark.parametrize("name", IMPOSTORS)
def test_an_impostor_sees_neither_assertion_nor_token_nor_question(
    name: str, authority: Authority, enrolled: Place
) -> None:
    with posing(name, authority) as one, enrolled.at_work(one.address) as desk:
        tokens: DeskTokens = desk.desk.calls._tokens
        with pytest.raises(SourceUnavailableError) as error:
            tokens.token(desk.desk.link)
        refused_as(name, error.value)
        for topic in (Topic.TIME, Topic.TRUST):
            assert desk.fetch(topic) == error.value.code
        assert not desk.desk.reach.online
        assert one.connections == 3


def test_a_desk_that_has_a_token_does_not_show_it_to_an_impostor(
    served: Served, authority: Authority, enrolled: Place
) -> None:
    with (
        enrolled.at_work() as at_home,
        posing("unknown authority", authority) as one,
    ):
        tokens: DeskTokens = at_home.desk.calls._tokens
        token = tokens.token(at_home.desk.link)
        with enrolled.link(one.address) as elsewhere:
            assert tokens.token(elsewhere) == token
            with pytest.raises(SourceUnavailableError) as error:
                tokens.ask(elsewhere, Question(method="GET", address=f"{one.address}/api/v1/x"))
        refused_as("unknown authority", error.value)
    assert token.encode() not in one.raw
    assert served.address != one.address


def test_a_list_elsewhere_whose_certificate_is_bad_comes_from_the_service_itself(
    served: Served, authority: Authority, place: Place
) -> None:
    with posing("wrong name", authority) as cache, place.calls(served.address) as calls:
        found = calls.status_list(1, f"{cache.address}/statuslists/1")
        assert found is not None
        assert cache.connections == 1


def test_a_desk_that_was_told_of_one_authority_believes_none_of_the_system(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    own = Place(tmp_path / "own", None)
    (tmp_path / "another").mkdir()
    told = Place(tmp_path / "told", Authority(tmp_path / "another").file)
    with listener(server_context(authority.issue())) as one, own.calls(one.address) as calls:
        one.answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(SourceUnavailableError, match="refuses"):
            calls.preview(CODE)
    with listener(server_context(authority.issue())) as one, told.calls(one.address) as calls:
        with pytest.raises(SourceUnavailableError) as error:
            calls.preview(CODE)
        assert error.value.code == "service-authority-unknown"


def test_a_desk_that_was_given_http_for_a_service_of_tls_is_not_answered(
    served: Served, place: Place
) -> None:
    plain = served.address.replace("https", "http")
    with place.calls(plain) as calls, pytest.raises(SourceUnavailableError) as error:
        calls.trust()
    assert error.value.code == "service-unreachable"
    with pytest.raises(UsageError, match="begins with https"):
        ServiceTerms(address=plain, production=True)


@pytest.mark.parametrize(
    ("names", "span", "code"),
    [(ELSEWHERE, NOW, "service-name-wrong"), (HERE, OVER, "service-certificate-over")],
)
def test_the_service_itself_is_refused_with_such_a_certificate(  # noqa: PLR0913, PLR0917
    shell: Shell,
    authority: Authority,
    place: Place,
    names: Names,
    span: Span,
    code: str,
) -> None:
    with serving(shell, authority.issue(names, span), "--demo") as bad:
        with pytest.raises(SourceUnavailableError) as error:
            place.enrol(bad.address, bad.code)
        assert error.value.code == code
