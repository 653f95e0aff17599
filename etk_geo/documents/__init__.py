"""Documents for printing and signing: one model, written as DOCX and as PDF.

A report says what it holds (headings, tables, figures) as a
:class:`~etk_geo.documents.model.Document`;
:func:`~etk_geo.documents.word.docx` and :func:`~etk_geo.documents.pdf.pdf` write it. Every string
of a document is text: none of them is ever markup, a formula or a path. The same document gives the
same bytes.
"""
