"""What can be read and written: small classes by theme, values in and values out."""
