"""The tables as the first revision made them; never edited after its release."""
