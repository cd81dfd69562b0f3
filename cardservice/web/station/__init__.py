"""The operator's page of a station, pushed by events; it decides nothing."""
