"""What the service says to people: one sentence for each code, in Russian and English."""
