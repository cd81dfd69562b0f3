"""Pages of places of issue and clinics."""
