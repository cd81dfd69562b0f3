"""Long runs that look for rare failures: ``python -m bench.soak pace --runs N``."""
