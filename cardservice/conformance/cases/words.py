"""Octets that many scripts share."""

from typing import Final

ROOT: Final = "09666F6D735F726F6F74"
"""Lc and AID ``foms_root``."""
HOLDER: Final = "07464F4D535F4944"
"""Lc and AID ``FOMS_ID``."""
INSURERS: Final = "08464F4D535F494E53"
"""Lc and AID ``FOMS_INS``."""
PACE_OID: Final = "800A04007F00070202040202"
CAN_REFERENCE: Final = "830102"
CHIP_OID: Final = "800A04007F00070202030202"
SET_PACE: Final = f"0022C1A40F{PACE_OID}{CAN_REFERENCE}"
"""MSE:Set AT for PACE with the CAN."""
SET_CHIP: Final = f"002241A40C{CHIP_OID}"
"""MSE:Set AT for chip authentication."""
FIRST_STEP: Final = "10860000027C0000"
"""GENERAL AUTHENTICATE that asks for the nonce."""
OFF_CURVE: Final = "04" + "11" * 64
"""65 octets that are no point of P-256."""
