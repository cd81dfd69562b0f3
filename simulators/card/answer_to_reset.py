"""Answers to reset of the policy card. Source: card.md §1; ISO 7816-3:2006 8.2."""

FIRST_GENERATION = bytes.fromhex("3BF71300008131FE45464F4D534F4D53A9")
"""As found in wallets: TA1 13, 51.6 kbit/s at 4.8 MHz."""

SECOND_GENERATION = bytes.fromhex("3BD911008131FE8D0000464F4D53312E3132")
"""As found in wallets: FOMS1.1, 12.9 kbit/s."""

FAST_155_KBIT = bytes.fromhex("3BF71800008131FE45464F4D534F4D53A2")
"""This project's own: the first generation's, but 155 kbit/s at 4.8 MHz."""

FAST_300_KBIT = bytes.fromhex("3BF79600008131FE45464F4D534F4D532C")
"""This project's own: 300 kbit/s at 4.8 MHz."""

CONTACTLESS = bytes.fromhex("3B878001464F4D534F4D5340")
"""What PC/SC part 3 makes of the historical bytes in the answer to select."""
