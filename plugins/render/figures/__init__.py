"""Figures of observations: what is counted, a sentence that says what is seen, its table, its CSV.

The drawing is the theme's (components/chart.html); every number comes from `plugins.observation`.
"""

from plugins.render.figures.bars import Bars, Line
from plugins.render.figures.drawn import Figure, figures, figures_path
from plugins.render.figures.grid import Cells
from plugins.render.figures.table import csv_text, table

__all__ = ["Bars", "Cells", "Figure", "Line", "csv_text", "figures", "figures_path", "table"]
