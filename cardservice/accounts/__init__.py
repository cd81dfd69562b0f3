"""Who signs in, how, and what they may do; no HTTP pages, no SQL."""
