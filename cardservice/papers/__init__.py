"""Papers: certificate, application form and card face. Values in, octets out; no clock, no dice."""
