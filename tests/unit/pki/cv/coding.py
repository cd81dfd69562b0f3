"""TLV for tests of certificates, apart from the service's own."""


def tlv(tag: int, value: bytes) -> bytes:
    """Return tag, minimal length, value."""
    head = tag.to_bytes(2 if tag > 0xFF else 1, "big")
    size = len(value)
    if size < 0x80:
        return head + bytes((size,)) + value
    return head + (b"\x81" + bytes((size,)) if size < 0x100 else b"\x82" + size.to_bytes(2)) + value


def objects(data: bytes) -> list[tuple[int, bytes]]:
    """Return tag and value of each object, of which all have good coding."""
    found, at = [], 0
    while at < len(data):
        width = 2 if data[at] & 0x1F == 0x1F else 1
        tag = int.from_bytes(data[at : at + width])
        at += width
        size = data[at]
        at += 1
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at : at + count])
            at += count
        found.append((tag, data[at : at + size]))
        at += size
    return found


def value_of(data: bytes, tag: int) -> bytes:
    """Return the value of the first object with that tag."""
    return next(value for found, value in objects(data) if found == tag)


def members(octets: bytes) -> list[tuple[int, bytes]]:
    """Return the objects in the body of a certificate or a request."""
    return objects(value_of(value_of(octets, 0x7F21), 0x7F4E))


def assembled(body: list[tuple[int, bytes]], signature: bytes = bytes(64)) -> bytes:
    """Return a certificate of these objects, whoever would sign it."""
    inner = b"".join(tlv(tag, value) for tag, value in body)
    return tlv(0x7F21, tlv(0x7F4E, inner) + tlv(0x5F37, signature))
