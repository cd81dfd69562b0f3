"""Stand-ins for plastic: the software card and the readers that hold it."""
