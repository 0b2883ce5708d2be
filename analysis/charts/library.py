"""The script library that draws charts in a page, as one plain script."""

from __future__ import annotations

from functools import lru_cache

NAMES = "window.vegaEmbed = vegaEmbed;"
# The licences ask that their notice travels with every copy.
NOTICE = """/*! Vega, Vega-Lite, Vega-Embed and Vega-Interpreter, (c) 2015-2026 University of Washington Interactive
Data Lab and contributors, BSD 3-Clause Licence; with D3, (c) 2010-2026 Mike Bostock, ISC Licence, and other parts under
the MIT Licence. Redistribution and use in source and binary forms, with or without modification, are permitted provided
that this notice is kept. The software is provided "as is", without warranty of any kind.
Sources: github.com/vega and github.com/d3 */
"""


@lru_cache(maxsize=1)
def script_library() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one classic script that sets window.vegaEmbed; nothing is fetched.

    About 0.9 MB; it takes some seconds to put together, once in a process. The packaged library is an ES module, which a
    page in a folder may not load: a function around it gives it the scope, and strict mode the rules, of a module.
    """
    import vl_convert

    bundled = vl_convert.javascript_bundle(NAMES).strip()
    # Inside <script> of an HTML page these would end it, or start a comment.
    for ending in ("</script", "<!--", "<script"):
        bundled = bundled.replace(ending, ending.replace("<", "\\x3c"))
    return f'{NOTICE}(() => {{"use strict";\n{bundled}\n}})();\n'
