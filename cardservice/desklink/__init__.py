"""A desk's way to the service: enrolment, signed time, trust, lists, and what it reports."""
