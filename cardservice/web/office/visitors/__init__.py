"""Without signing in: status, a lost card, places, clinics, a complaint."""
