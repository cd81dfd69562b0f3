"""Sign-in as a part of an application."""

from fastapi import FastAPI

from cardservice.web.signin import account, applicant, openid, signing_in, styles
from cardservice.web.signin.answers import install_answers
from cardservice.web.signin.context import SignInContext


def install_sign_in(app: FastAPI, context: SignInContext) -> None:
    """Add the sign-in pages, their errors and their bounds to ``app``; nothing starts."""
    app.state.sign_in = context
    for part in (signing_in, openid, applicant, account, styles):
        app.include_router(part.router)
    install_answers(app)
