"""Reports of a screening and of an evaluation, as DOCX, PDF, XLSX and GeoJSON.

The screening report says what was checked, with which data, on which day, under which law; it
replaces no approval, and everything in it comes from the record (:mod:`etk_geo.reports.source`).
The evaluation report (:mod:`etk_geo.reports.evaluation_report`) says what was entered of targets
and projects, and by which rule each light is given.
"""
