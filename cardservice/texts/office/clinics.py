"""Desks of clinics and signs of abuse."""

from typing import Final

from cardservice.domain.signs import SignKind, SignState
from cardservice.registry.clinics import DeskEnd
from cardservice.texts.office.names import Names

CLINICS: Final = (
    Names(
        "sign-kind",
        {
            SignKind.FAR_APART: "One card in two far places",
            SignKind.WRONG_NUMBERS: "Many wrong card access numbers",
            SignKind.CHIP_COPIED: "Copied chip",
            SignKind.SIGNER_UNKNOWN: "Unknown or revoked signer",
            SignKind.TRUST_LAYER_REMOVED: "Signature taken off the card",
        },
        of=SignKind,
    ),
    Names(
        "sign-state",
        {SignState.OPEN: "To be settled", SignState.SETTLED: "Settled"},
        of=SignState,
    ),
    Names(
        "desk-end",
        {
            DeskEnd.CLOSED: "The desk was closed",
            DeskEnd.KEY_LOST: "Its key was lost",
            DeskEnd.STOLEN: "The computer was stolen",
            DeskEnd.MISUSED: "It was misused",
        },
        of=DeskEnd,
    ),
)
