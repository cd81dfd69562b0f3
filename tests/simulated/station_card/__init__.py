"""Work on held cards that a real office ordered, typed at a station's one reader."""
