"""Where a station's jobs come from: a real office on the loopback interface, and hostile ones."""
