"""Fuzzing of everything that eats octets from a card or from a terminal.

``python -m fuzz`` says how. What each target holds to be true is written at the target.
"""
