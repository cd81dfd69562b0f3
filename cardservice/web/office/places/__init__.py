"""Places of issue, their times, and medical organisations."""
