"""Places, bookings, organisations, complaints, coverage, audit, figures through the API."""
