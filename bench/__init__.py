"""Measured speed: ``python -m bench [NAME ...]`` prints one JSON line a figure.

Every figure is measured beside its reference, in the same run and in turns, so that a machine whose
speed drifts moves both. Results as measured stand in ``docs/benchmarks.md``.
"""
