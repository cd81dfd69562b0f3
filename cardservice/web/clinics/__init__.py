"""What clinics and their desks ask over the network: ``/api/v1`` of the verification service."""
