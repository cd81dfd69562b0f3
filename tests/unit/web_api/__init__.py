"""The office's API, in process."""
