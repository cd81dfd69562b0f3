"""What stands in the README of a trust folder."""

from typing import Final

TRUST_README: Final = """\
# What a desk needs to judge the cards of this zoo

Everything here is for tests: the people are made up, and the keys are known to whoever has this
folder. Never trust `root.der` where real people are served.

- `root.der`: the root under which the cards are signed, X.509, DER; it bears a critical marker
  extension, so that production refuses it.
- `revocations.crl`: its revocation list, DER; it holds for seven days.
- `terminal/cvca.cvcert`: the trust point that the cards know, a CV certificate (7F21).
- `terminal/1-authority.cvcert`, `terminal/2-terminal.cvcert`: what a terminal shows a card, in that
  order; the last is its own and holds for four to seven days.
- `terminal/terminal-key-INSECURE.pem`: the terminal's private key, P-256, PKCS#8, not encrypted.
- `register.json`: what a register of issued cards answers, see below.
- `secrets.json`: CAN, PIN and PUK of each card by its name, made up: what is printed on the card
  and in the letter to its holder.

`register.json`: `as_of` is when it was written. `policies` gives for a policy number the signing
time of the newest card issued for it; a policy that is listed has cards with a trust layer.
`cards` gives for a card its status, `active`, `blocked` or `terminated`; the key is list number
and index of EF.CardID as one decimal number, list number · 2^32 + index. What is not listed is
not known.

A folder grows old: `cardsim zoo make FOLDER` renews what runs out and leaves the cards as they are.
"""
