"""The home folder: an issuer's keys, whom its desks trust, and the cards it has issued."""
