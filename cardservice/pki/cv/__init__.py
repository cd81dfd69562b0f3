"""CV certificates: who may ask a card for what (TR-03110-3, annexes C and D)."""
