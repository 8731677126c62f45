# ruff: noqa: E501 - markup keeps its lines
"""The bulk of a real page that says nothing: inline styles and scripts."""

from __future__ import annotations

from functools import cache

from watcher.replica.model import dice
from watcher.replica.skins.slots import slot

_SELECTORS = (
    "header",
    "menu",
    "logo",
    "nav",
    "search",
    "carte",
    "encart",
    "bandeau",
    "pied",
    "lien",
    "titre",
    "tuile",
)
_RULES = (
    "margin:{}px 0",
    "padding:0 {}px",
    "font-size:{}px",
    "line-height:{}px",
    "width:{}%",
    "border-radius:{}px",
    "max-height:{}px",
)


@cache
def styles(size: int) -> str:
    """About `size` bytes of style sheet, the same on every site: it comes from the shared distribution."""
    chance = dice("styles")
    rules: list[str] = []
    length = 0
    while length < size:
        name, state = chance.choice(_SELECTORS), chance.choice(("", ":hover", " a", "__list", "--sm"))
        body = ";".join(rule.format(chance.randint(1, 96)) for rule in chance.sample(_RULES, 3))
        rules.append(
            f".ide-{name}{chance.randint(1, 60)}{state}{{{body};color:#{chance.randrange(16**6):06x}}}"
        )
        length += len(rules[-1]) + 1
    return "<style>\n" + "\n".join(rules) + "\n</style>"


def scripts(site_id: int) -> str:
    """Audience measure, consent and the CMS's own configuration, with the token of this request."""
    return f"""<script>
window.eZ = {{root: "/", token: "{slot("ez")}", session: "{slot("session")}"}};
var tC = {{event: {{}}, id: {site_id}, page: "{slot("page")}", level2: 4}};
(function (d, s) {{ var t = d.createElement(s), f = d.getElementsByTagName(s)[0]; t.async = 1;
t.src = "//cdn.example.invalid/pa/{site_id}.js?v={slot("build")}"; f.parentNode.insertBefore(t, f); }})(document, "script");
{_POLYFILL}
</script>"""


_POLYFILL = "\n".join(
    f"if (!window.ide_{index}) {{ window.ide_{index} = function (node, value) {{ "
    f'return node ? node.setAttribute("data-ide-{index}", value || "{index}") : null; }}; }}'
    for index in range(60)
)
