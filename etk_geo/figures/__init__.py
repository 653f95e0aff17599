"""Still maps for reports, stories and print, drawn without a browser.

:func:`etk_geo.figures.draw.draw_map` draws what a :class:`~etk_geo.figures.model.MapFigure` asks
for, from the same display copy of the layers and the same symbols as the map in the browser, so
that both agree. The same data gives the same bytes, as PNG, PDF and SVG.
"""
