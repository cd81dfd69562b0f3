"""The applicant: the form in steps, documents, the own application."""
