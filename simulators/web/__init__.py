"""The tray over HTTP: control for programs, a stream of events, and a page to tap cards by hand."""
