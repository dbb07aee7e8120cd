"""Arrays to Plotly figures, for charts; planes and films are drawn on canvas by the page itself.

A figure function takes finished numbers and labels in the reader's language and returns plain JSON:

    figure = theme.figure(height=320)
    figure.add_scatter(x=steps, y=values, name=label, line={"color": theme.ink("vqvae")})
    return theme.plain(figure)        # {"data", "layout", "dark"}

In the browser `assets/chart/chart.js` draws it: `new Chart(element, {name, label}).show(figure)`. It fetches plotly.js
when the first chart is shown, keeps zoom and legend over later `show`s, follows light and dark, and offers PNG, SVG
and CSV.
"""
