"""A little OpenID provider: real keys, real HTTP on the loopback interface."""

import socket
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT = "office"
SECRET = "a shared secret: 100%"  # noqa: S105 - of the fictional provider
SUBJECT = "subject-1"
STOP_WITHIN_S = 10.0


class Provider:
    """What the provider says; a test changes an attribute to make it lie."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key: ECKey | RSAKey = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
        self.published: ECKey | RSAKey = self.key
        self.algorithm = "ES256"
        self.roles: object = ["office-clerks", "other"]
        self.claims: dict[str, object] = {}
        self.discovery: dict[str, object] = {}
        self.now = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.fetched: list[str] = []
        self.token_answer: Response | None = None

    def id_token(self, nonce: str) -> str:
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": SUBJECT,
            "exp": self.now + 300,
            "iat": self.now,
            "nonce": nonce,
            "preferred_username": "Anna.Petrova",
            "roles": self.roles,
        }
        shown = {name: one for name, one in (claims | self.claims).items() if one is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, shown, self.key, algorithms=[self.algorithm])


def provider_app(provider: Provider) -> FastAPI:
    """Return the provider's pages. Everybody who comes is signed in as one person."""
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def discover() -> dict[str, object]:
        provider.fetched.append("discovery")
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize?tenant=1",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
        } | provider.discovery

    @app.get("/keys")
    def keys() -> dict[str, object]:
        provider.fetched.append("keys")
        secret = {"kty": "oct", "k": "AAAA", "kid": "mac"}
        return {"keys": [secret, "odd", provider.published.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        query = dict(request.query_params)
        code = f"code-{len(provider.codes)}"
        provider.codes[code] = query
        back = f"{query['redirect_uri']}?code={code}&state={query['state']}&iss={provider.issuer}"
        return RedirectResponse(back)

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = {name: str(one) for name, one in (await request.form()).items()}
        if provider.token_answer is not None:
            return provider.token_answer
        asked = provider.codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        basic = request.headers.get("authorization", "").startswith("Basic ")
        good = asked and asked["code_challenge"].encode() == challenge and basic
        if not good or form["grant_type"] != "authorization_code" or not asked:
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert form["redirect_uri"] == asked["redirect_uri"]
        return JSONResponse({"id_token": provider.id_token(asked["nonce"])})

    return app


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run a provider for the length of the block."""
    provider = Provider()
    config = uvicorn.Config(provider_app(provider), log_level="error", access_log=False)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    provider.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait(server)
        yield provider
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        listener.close()
        assert not thread.is_alive()


def _wait(server: uvicorn.Server) -> None:
    end = time.monotonic() + STOP_WITHIN_S
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
