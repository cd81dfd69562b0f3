"""Issue electronic policy cards and verify them: the station, the desk, and what they stand on."""
