"""What pages of clinic systems ask of the desk on their own machine."""
