"""Tests of the applicant's pages."""
