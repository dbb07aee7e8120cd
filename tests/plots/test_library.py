"""plotly.js as it is served: the package's own, without what keeps a page standing still."""

from __future__ import annotations

import pytest

from explorer.plots import library, theme
from explorer.plots.library import KINDS, lighter, plotly_js

#: As the package is built: a function around everything, and a module a kind, some of which pass another one on.
BUILT = """/**
* plotly.js v9.9.9
*/
(function(root, factory) { root.moduleName = factory(); }(self, () => {
"use strict";var Plotly=(()=>{var W=e=>e;var ab=W((e,t)=>{"use strict";t.exports={moduleType:"trace",name:"bar"}});\
var aB=W((e,t)=>{"use strict";t.exports=ab()});\
var a$=W((e,t)=>{"use strict";t.exports={moduleType:"trace",name:"heatmap"}});\
var a1=W((e,t)=>{"use strict";t.exports={moduleType:"trace",name:"pie"}});\
var a2=W((e,t)=>{t.exports={plot:1,moduleType:"trace",name:"contour"}});\
var gl=W((e,t)=>{t.exports={moduleType:"trace",name:"scattergl"}});\
var gL=W((e,t)=>{"use strict";var g=gl();g.plot=ab();t.exports=g});\
var a3=W((e,t)=>{"use strict";t.exports=gL()});var a4=W(()=>{});var a5=W(()=>{});var a6=W(()=>{});var a7=W(()=>{});\
var z=W((e,t)=>{t.exports=C.register([aB(),a$(),a1(),a2(),a3(),a4(),a5(),a6(),a7()])});return z()})();
/* licences of others */
window.Plotly = Plotly;
return Plotly;
}));"""


def test_nothing_stands_around_it_and_only_our_kinds_are_made_ready():
    made = lighter(BUILT)
    assert made.startswith('/**\n* plotly.js v9.9.9\n*/\n"use strict";var Plotly=(()=>{')
    assert ".register([aB(),a$(),a2(),a3()])" in made
    assert "/* licences of others */" in made
    assert made.endswith("window.Plotly = Plotly;\n")


@pytest.mark.parametrize(
    "there, instead",
    [
        ('"use strict";var Plotly=(()=>{', "var Plotly=(()=>{"),
        ("window.Plotly = Plotly;", ""),
        ("C.register([", "C.add(["),
        ('"trace",name:"contour"', '"trace",called:"contour"'),
        ("var aB=W(", "var aB=w.W("),
        ("/**", "//*"),
    ],
)
def test_a_release_that_is_built_in_another_way_is_served_as_it_is(there, instead):
    other = BUILT.replace(there, instead)
    assert other != BUILT
    assert lighter(other) == other


def test_what_is_installed_is_served_lighter_and_whole():
    script = plotly_js().decode()
    assert script[:400].count("plotly.js v") == 1
    assert "MIT" in script[:400]  # its licence
    assert len(script) > 3_000_000
    registered = library._REGISTERED.search(script)
    assert registered is None  # nine kinds and more
    assert "root.moduleName" not in script


def test_what_no_browser_is_given_is_not_drawn():
    assert {"bar", "contour", "heatmap", "scattergl"} == KINDS
    drawn = theme.figure()
    drawn.add_pie(values=[1, 2])
    with pytest.raises(AssertionError):
        theme.plain(drawn)
