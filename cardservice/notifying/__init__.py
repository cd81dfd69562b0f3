"""Ways out for notifications: e-mail over SMTP, an SMS gateway and webhooks over HTTP."""
