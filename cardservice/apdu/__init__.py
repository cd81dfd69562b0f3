"""Octets on the card interface: commands, responses, status words, BER-TLV, answers to reset."""
