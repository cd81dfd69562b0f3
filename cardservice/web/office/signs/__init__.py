"""The security officer's page of signs of abuse."""
