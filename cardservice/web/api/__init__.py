"""The office for programs: ``/api/v1``."""
