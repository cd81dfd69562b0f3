"""A run as a document: a page, JUnit XML, JSON; each written whole or not at all."""
