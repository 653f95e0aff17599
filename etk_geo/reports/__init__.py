"""The screening report: from a record to DOCX, PDF, XLSX and GeoJSON.

A report says what was checked, with which data, on which day, under which law; it replaces no
approval. Everything in it comes from the record (:mod:`etk_geo.reports.source`).
"""
