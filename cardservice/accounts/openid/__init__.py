"""Sign-in through an OpenID provider: code flow with PKCE.

Source: OpenID Connect Core 1.0 and Discovery 1.0; RFC 6749, 7636 (PKCE), 9207 (issuer in the
answer), 9700 (current practice).
"""
