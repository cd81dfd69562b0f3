"""The insurer's office: its pages, and the application that serves them and the API."""
