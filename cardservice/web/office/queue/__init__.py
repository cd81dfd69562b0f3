"""The clerk's queue and one application: scans beside fields, decisions."""
