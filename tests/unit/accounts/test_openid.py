"""Sign-in through a real little provider on the loopback interface."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from joserfc.jwk import ECKey, RSAKey

from cardservice.accounts.openid.attempt import begin_attempt, resume_attempt
from cardservice.accounts.openid.fetching import HttpFetch
from cardservice.accounts.openid.settings import (
    OpenIdError,
    OpenIdSettings,
    is_trusted_address,
    verify_settings,
)
from cardservice.accounts.openid.signing_in import OpenIdSignIn
from cardservice.accounts.roles import Role
from cardservice.errors import UsageError
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import ORIGIN, Office
from tests.unit.accounts.provider import CLIENT, SECRET, SUBJECT, Provider, running_provider
from tests.unit.accounts.test_programs import hs256

SECRET_OF_BROWSER = "s" * 43


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@dataclass
class Scene:
    office: Office
    provider: Provider
    settings: OpenIdSettings
    browser: Browser

    def there(self, page: str = "") -> str:
        """Go to the provider; the address that it sends the browser back to."""
        address = self.browser.get(f"/sign-in/openid?next={page}").headers["location"]
        return httpx.get(address, trust_env=False).headers["location"]

    def back(self, address: str) -> httpx.Response:
        parts = urlsplit(address)
        return self.browser.get(f"{parts.path}?{parts.query}")

    def whole(self) -> httpx.Response:
        return self.back(self.there())


@pytest.fixture
def scene(running: Provider) -> Scene:
    office = Office()
    fresh = Provider()
    for name in ("key", "published", "algorithm", "roles", "claims", "discovery", "codes"):
        setattr(running, name, getattr(fresh, name))
    running.fetched, running.token_answer = [], None
    running.now = int(office.clock().timestamp())
    settings = OpenIdSettings(
        issuer=running.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        redirect_uri=f"{ORIGIN}/sign-in/openid/answer",
        role_map={"office-clerks": Role.CLERK, "office-heads": Role.APPROVER},
        insecure_loopback=True,
    )
    openid = OpenIdSignIn(
        settings,
        fetch=HttpFetch(),
        accounts=office.accounts,
        sessions=office.sessions,
        clock=office.clock,
        new_id=uuid4,
    )
    return Scene(office, running, settings, Browser(office.app(office.context(openid=openid))))


def _refused(scene: Scene, caplog: pytest.LogCaptureFixture, reason: str) -> None:
    answer = scene.whole()
    assert answer.status_code == 422
    assert caplog.messages == [f"OpenID sign-in: {reason}"]
    assert scene.browser.cookie() is None
    assert scene.office.accounts.by_subject(scene.settings.issuer, SUBJECT) is None


def test_a_first_sign_in_makes_an_account_with_the_mapped_roles(scene: Scene) -> None:
    assert scene.whole().headers["location"] == "/account"
    account = scene.office.accounts.by_subject(scene.settings.issuer, SUBJECT)
    assert account is not None
    assert account.roles == {Role.CLERK}
    assert account.name == "anna.petrova@127.0.0.1"
    assert account.password_hash is None
    assert scene.browser.get("/account").status_code == 200


def test_the_wanted_page_comes_back(scene: Scene) -> None:
    assert scene.back(scene.there("/account/password")).headers["location"] == "/account/password"


def test_the_question_has_pkce_state_and_nonce(scene: Scene) -> None:
    address = scene.browser.get("/sign-in/openid").headers["location"]
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["tenant"] == ["1"]
    assert {len(query[one][0]) for one in ("code_challenge", "nonce")} == {43}
    assert SECRET not in address


def test_a_second_sign_in_finds_the_account_and_other_roles_end_its_sessions(scene: Scene) -> None:
    scene.whole()
    before = scene.office.accounts.by_subject(scene.settings.issuer, SUBJECT)
    assert before is not None
    elsewhere = scene.office.sign_in.begin(before).token
    scene.provider.roles = "office-heads"
    scene.whole()
    after = scene.office.accounts.by_subject(scene.settings.issuer, SUBJECT)
    assert after is not None
    assert (before.id, after.roles) == (after.id, frozenset({Role.APPROVER}))
    assert scene.office.sessions.find(elsewhere) is None


def test_a_name_that_is_taken_stays_its_owners(scene: Scene) -> None:
    scene.office.add("anna.petrova@127.0.0.1", Role.ADMINISTRATOR)
    scene.whole()
    account = scene.office.accounts.by_subject(scene.settings.issuer, SUBJECT)
    assert account is not None
    assert account.name.startswith("openid-")


def test_a_closed_account_stays_closed(scene: Scene) -> None:
    scene.whole()
    account = scene.office.accounts.by_subject(scene.settings.issuer, SUBJECT)
    assert account is not None
    scene.office.book.disable(account)
    assert scene.whole().status_code == 422


@pytest.mark.parametrize("roles", [None, [], ["unknown"], [7, {}], "applicant", {"a": 1}])
def test_a_person_without_a_role_here_is_refused(
    scene: Scene, caplog: pytest.LogCaptureFixture, roles: object
) -> None:
    scene.provider.roles = roles
    _refused(scene, caplog, "sign-in-no-role")


NOW = int(Office().clock().timestamp())


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": [CLIENT, "other"]}, "audience"),
        ({"azp": "other"}, "audience"),
        ({"exp": NOW - 61}, "expired"),
        ({"exp": None}, "times"),
        ({"exp": True}, "times"),
        ({"iat": NOW + 61}, "not-yet"),
        ({"iat": None}, "times"),
        ({"nbf": NOW + 61}, "not-yet"),
        ({"nonce": "other"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": 7}, "subject"),
    ],
)
def test_a_token_that_is_not_for_us_now_is_refused(
    scene: Scene, caplog: pytest.LogCaptureFixture, claims: dict[str, object], reason: str
) -> None:
    scene.provider.claims = claims
    _refused(scene, caplog, reason)


@pytest.mark.parametrize("claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}])
def test_a_token_for_us_among_others_is_taken(scene: Scene, claims: dict[str, object]) -> None:
    scene.provider.claims = claims
    assert scene.whole().status_code == 303


def test_a_token_signed_by_another_key_is_refused(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.provider.key = ECKey.generate_key("P-256", {"kid": "one"})
    _refused(scene, caplog, "signature")


def test_an_rsa_key_and_a_new_key_are_followed(scene: Scene) -> None:
    scene.whole()
    scene.office.clock.move(minutes=2)
    scene.provider.key = scene.provider.published = RSAKey.generate_key(2048, {"kid": "two"})
    scene.provider.algorithm = "PS256"
    assert scene.whole().headers["location"] == "/account"
    assert scene.provider.fetched == ["discovery", "keys"] * 2


def test_unknown_keys_do_not_make_us_ask_the_provider_again_and_again(scene: Scene) -> None:
    scene.provider.key = ECKey.generate_key("P-256", {"kid": "other"})
    for _ in range(5):
        assert scene.whole().status_code == 422
    assert scene.provider.fetched == ["discovery", "keys"]


@pytest.mark.parametrize("kind", ["none", "hmac", "garbage", "long"])
def test_a_token_without_a_real_signature_is_refused(
    scene: Scene, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    claims: dict[str, Any] = {"iss": scene.settings.issuer, "aud": CLIENT, "sub": SUBJECT}
    forged = {
        "none": "eyJhbGciOiJub25lIn0.e30.",
        "hmac": hs256(claims, scene.provider.published.as_pem(private=False)),
        "garbage": "é.\x00",
        "long": "x" * 40_000,
    }[kind]
    scene.provider.token_answer = JSONResponse({"id_token": forged})
    _refused(scene, caplog, "token-too-long" if kind == "long" else "signature")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (JSONResponse({}), "no-token"),
        (JSONResponse({"id_token": 7}), "no-token"),
        (JSONResponse([]), "not-json"),
        (PlainTextResponse("[" * 100_000), "not-json"),
        (JSONResponse({"error": "x"}, 400), "status"),
        (PlainTextResponse("x" * 300_000), "answer-too-large"),
        (RedirectResponse("http://127.0.0.1:1/", 302), "status"),
    ],
)
def test_an_odd_answer_for_a_code_is_refused(
    scene: Scene, caplog: pytest.LogCaptureFixture, answer: Any, reason: str
) -> None:
    scene.provider.token_answer = answer
    _refused(scene, caplog, reason)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://other.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_names_odd_addresses_is_refused(
    scene: Scene, discovery: dict[str, object]
) -> None:
    scene.provider.discovery = discovery
    assert scene.browser.get("/sign-in/openid").status_code == 422


def test_a_provider_that_cannot_be_reached_is_a_sentence_on_the_page(scene: Scene) -> None:
    settings = replace(scene.settings, issuer="http://127.0.0.1:1")
    openid = OpenIdSignIn(
        settings,
        fetch=HttpFetch(),
        accounts=scene.office.accounts,
        sessions=scene.office.sessions,
        clock=scene.office.clock,
        new_id=uuid4,
    )
    browser = Browser(scene.office.app(scene.office.context(openid=openid)))
    answer = browser.get("/sign-in/openid?lang=en")
    assert answer.status_code == 422
    assert "did not confirm" in answer.text


# The way back belongs to the browser that went


def test_an_answer_that_another_browser_began_is_refused(scene: Scene) -> None:
    stolen = scene.there()
    victim = Browser(scene.browser._app)
    victim.get("/sign-in/openid")
    parts = urlsplit(stolen)
    answer = victim.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 422
    assert victim.cookie() is None


def test_an_answer_to_a_browser_that_never_asked_is_refused(scene: Scene) -> None:
    parts = urlsplit(scene.there())
    assert Browser(scene.browser._app).get(f"{parts.path}?{parts.query}").status_code == 422
    forged = begin_attempt("", now=scene.office.clock(), return_to="/").state
    page = Browser(scene.browser._app).get(f"/sign-in/openid/answer?code=x&state={forged}")
    assert page.status_code == 422


def test_an_answer_is_taken_once(scene: Scene) -> None:
    address = scene.there()
    assert scene.back(address).status_code == 303
    assert scene.back(address).status_code == 422


def test_an_answer_after_ten_minutes_is_too_late(scene: Scene) -> None:
    address = scene.there()
    scene.office.clock.move(minutes=10, seconds=2)
    assert scene.back(address).status_code == 422


def test_an_answer_of_another_issuer_is_refused(scene: Scene) -> None:
    address = scene.there().replace("&iss=http", "&iss=https")
    assert scene.back(address).status_code == 422


@pytest.mark.parametrize("part", ["code", "state"])
def test_an_answer_without_one_of_its_parts_is_refused(scene: Scene, part: str) -> None:
    assert scene.back(scene.there().replace(f"{part}=", f"{part}x=")).status_code == 422


@pytest.mark.parametrize("secret", ["", "s", "s" * 42])
def test_a_secret_that_can_be_guessed_is_none(secret: str) -> None:
    now = Office().clock()
    state = begin_attempt(secret, now=now, return_to="/").state
    with pytest.raises(OpenIdError):
        resume_attempt(secret, state, now=now)


@pytest.mark.parametrize("state", ["", ".", "..", "1.2.3", "é", "9" * 3000, "x.y.z", "\x00"])
def test_what_is_no_state_is_refused(state: str) -> None:
    with pytest.raises(OpenIdError):
        resume_attempt(SECRET_OF_BROWSER, state, now=Office().clock())


def test_a_state_with_another_page_in_it_is_refused() -> None:
    now = Office().clock()
    one, other = (
        begin_attempt(SECRET_OF_BROWSER, now=now, return_to=page).state for page in ("/a", "/b")
    )
    mixed = ".".join([*one.split(".")[:2], other.split(".")[2]])
    with pytest.raises(OpenIdError):
        resume_attempt(SECRET_OF_BROWSER, mixed, now=now)
    assert resume_attempt(SECRET_OF_BROWSER, one, now=now).return_to == "/a"


# Settings


def test_production_refuses_a_provider_over_plain_http(scene: Scene) -> None:
    verify_settings(scene.settings, production=False)
    with pytest.raises(UsageError):
        verify_settings(scene.settings, production=True)
    with pytest.raises(UsageError):
        verify_settings(replace(scene.settings, insecure_loopback=False), production=False)
    assert SECRET not in repr(scene.settings)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://",
        "ftp://a.example",
        "http://a.example",
        "https://user@a.example",
        "https://a.example/#x",
        "https://[",
        "https://a.example/\n",
        "http://127.0.0.1.evil.example/",
    ],
)
def test_only_plain_https_addresses_are_trusted(address: str) -> None:
    settings = OpenIdSettings(issuer="", client_id="", redirect_uri="", insecure_loopback=True)
    assert not is_trusted_address(address, settings)
    assert is_trusted_address("https://op.example/a", settings)
