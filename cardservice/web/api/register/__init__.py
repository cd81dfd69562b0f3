"""Places, bookings, medical organisations, complaints, audit, statistics."""
