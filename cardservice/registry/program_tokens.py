"""Tokens of programs as an administrator gives and ends them; it stands in the audit log."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from cardservice.accounts.api_tokens import ApiToken, ApiTokens
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office

KIND: Final = "api-token"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWish:
    """A token that is wanted; ``scopes``: what of its role's rights it may use."""

    label: str
    role: Role
    scopes: frozenset[Right]
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Programs:
    """What tokens are kept with."""

    office: Office
    tokens: ApiTokens


def list_tokens(programs: Programs, actor: Actor, region: str) -> tuple[ApiToken, ...]:
    """Return the newest tokens of a region, ended ones too; raises ``role-not-allowed``."""
    actor.require(Right.TOKENS)
    return programs.tokens.of_region(region)


def issue_token(
    programs: Programs, actor: Actor, region: str, wish: TokenWish
) -> tuple[ApiToken, str]:
    """Return a new token's record and the token, to be shown once.

    Raises:
        Refusal: ``token-label``, ``token-role``, ``token-scopes``, ``token-term`` or
            ``role-not-allowed``.
    """
    actor.require(Right.TOKENS)
    record, text = programs.tokens.issue(
        wish.label, role=wish.role, scopes=wish.scopes, region=region, lasts=wish.lasts
    )
    _record(programs, actor, record, "token.issue")
    return record, text


def revoke_token(programs: Programs, actor: Actor, *, region: str, token_id: UUID) -> ApiToken:
    """Return a token, ended at once; raises Refusal ``not-found`` or ``role-not-allowed``."""
    actor.require(Right.TOKENS)
    found = programs.tokens.find(region, token_id)
    if found.revoked_at is None:
        programs.tokens.revoke(token_id)
        _record(programs, actor, found, "token.revoke")
    return programs.tokens.find(region, token_id)


def _record(programs: Programs, actor: Actor, token: ApiToken, action: str) -> None:
    role = token.role.value
    programs.office.run(
        actor, token.region, lambda act: act.record(action, KIND, token.id, role=role)
    )
