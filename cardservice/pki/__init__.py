"""The issuer's certificates and signatures; keys, time and serial numbers are arguments."""
