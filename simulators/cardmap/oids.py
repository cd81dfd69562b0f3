"""Object identifiers by the names their standards give them."""

from typing import Final

NAMES: Final = {
    # RFC 5652, RFC 5754, RFC 5758, RFC 8017
    "1.2.840.113549.1.7.1": "id-data",
    "1.2.840.113549.1.7.2": "id-signedData",
    "1.2.840.113549.1.9.3": "id-contentType",
    "1.2.840.113549.1.9.4": "id-messageDigest",
    "1.2.840.113549.1.9.5": "id-signingTime",
    "2.16.840.1.101.3.4.2.1": "id-sha256",
    "2.16.840.1.101.3.4.2.2": "id-sha384",
    "2.16.840.1.101.3.4.2.3": "id-sha512",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.113549.1.1.1": "rsaEncryption",
    "1.2.840.113549.1.1.10": "id-RSASSA-PSS",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    # RFC 5480
    "1.2.840.10045.2.1": "id-ecPublicKey",
    "1.2.840.10045.3.1.7": "secp256r1 (P-256)",
    "1.3.132.0.34": "secp384r1 (P-384)",
    "1.3.132.0.35": "secp521r1 (P-521)",
    "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
    # RFC 9215
    "1.2.643.7.1.1.1.1": "id-tc26-gost3410-2012-256",
    "1.2.643.7.1.1.2.2": "id-tc26-gost3411-2012-256",
    "1.2.643.7.1.1.3.2": "id-tc26-signwithdigest-gost3410-2012-256",
    "1.2.643.7.1.2.1.1.1": "id-tc26-gost-3410-2012-256-paramSetA",
    # X.520, RFC 4519
    "2.5.4.3": "commonName",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
    # RFC 5280, 4.2.1
    "2.5.29.14": "id-ce-subjectKeyIdentifier",
    "2.5.29.15": "id-ce-keyUsage",
    "2.5.29.16": "id-ce-privateKeyUsagePeriod",
    "2.5.29.19": "id-ce-basicConstraints",
    "2.5.29.31": "id-ce-cRLDistributionPoints",
    "2.5.29.32": "id-ce-certificatePolicies",
    "2.5.29.35": "id-ce-authorityKeyIdentifier",
    "2.5.29.37": "id-ce-extKeyUsage",
    # ICAO 9303-10 4.6.2, 9303-12 7.1
    "2.23.136.1.1.1": "id-icao-mrtd-security-ldsSecurityObject",
    "2.23.136.1.1.6.2": "id-icao-mrtd-security-extensions-documentTypeList",
    # TR-03110-3 A.1.1, C.4.1
    "0.4.0.127.0.7.2.2.1.2": "id-PK-ECDH",
    "0.4.0.127.0.7.2.2.2": "id-TA",
    "0.4.0.127.0.7.2.2.2.2.3": "id-TA-ECDSA-SHA-256",
    "0.4.0.127.0.7.2.2.3.2.2": "id-CA-ECDH-AES-CBC-CMAC-128",
    "0.4.0.127.0.7.2.2.3.2.3": "id-CA-ECDH-AES-CBC-CMAC-192",
    "0.4.0.127.0.7.2.2.3.2.4": "id-CA-ECDH-AES-CBC-CMAC-256",
    "0.4.0.127.0.7.2.2.4.2.2": "id-PACE-ECDH-GM-AES-CBC-CMAC-128",
    "0.4.0.127.0.7.2.2.4.2.3": "id-PACE-ECDH-GM-AES-CBC-CMAC-192",
    "0.4.0.127.0.7.2.2.4.2.4": "id-PACE-ECDH-GM-AES-CBC-CMAC-256",
    "0.4.0.127.0.7.3.1.2.1": "id-IS",
    "0.4.0.127.0.7.3.1.2.2": "id-AT",
    "0.4.0.127.0.7.3.1.2.3": "id-ST",
}

ABBREVIATIONS: Final = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
}
"""Short attribute types in a name. Source: RFC 4514 3."""

_CONTINUES = 0x80
_BITS = 7
_ARC = 40
_LAST_FIRST_ARC = 2
_OCTETS_MAX = 64  # the longest in use, a UUID's arc, has 20


def dotted(value: bytes) -> str | None:
    """Return the identifier in dots, None when the octets are none. Source: X.690 8.19."""
    if not value or len(value) > _OCTETS_MAX or value[-1] & _CONTINUES:
        return None
    arcs: list[int] = []
    arc = 0
    for octet in value:
        arc = arc << _BITS | octet & ~_CONTINUES
        if not octet & _CONTINUES:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // _ARC, _LAST_FIRST_ARC)
    return ".".join(map(str, (first, arcs[0] - first * _ARC, *arcs[1:])))
