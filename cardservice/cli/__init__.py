"""Commands of ``cardservice``: they parse, call a use case, and print. No decision is here."""
