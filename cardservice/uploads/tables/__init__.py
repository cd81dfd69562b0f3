"""Tables of people as an employer sends them: CSV in the encodings in use, and XLSX."""
