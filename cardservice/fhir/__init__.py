"""The service's answers as HL7 FHIR R4, and what clients send in that form. No I/O, no clock."""
