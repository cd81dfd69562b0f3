"""The XMP packet of a PDF/A-3b: the same words as the document's information dictionary.

Source: ISO 19005-3, 6.6.2 and 6.6.4; ISO 16684-1.
"""

from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

_PACKET: Final = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>{made}</xmp:CreateDate>
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


def xmp_packet(*, title: str, language: str, producer: str, made: datetime) -> str:
    """Return the packet's inner XML; ``made`` is aware and written to the second."""
    return _PACKET.format(
        title=escape(title),
        language=escape(language),
        producer=escape(producer),
        made=made.isoformat(timespec="seconds"),
    )
