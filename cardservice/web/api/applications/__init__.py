"""Applications, documents, certificates, status, uploads of tables."""
