"""The service for clinics over TLS: whom a desk believes, and what nobody else is told."""
