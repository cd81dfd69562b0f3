"""Real readers, through PC/SC. Importing this needs no PC/SC; using it needs pyscard."""
