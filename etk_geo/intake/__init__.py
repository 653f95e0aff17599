"""Taking in what users hold: files, pasted coordinates; and writing frames out again.

The way through, each step a value that the next one takes::

    open_upload → Upload.survey → Upload.read → RawLayer      (upload.py; child processes read)
    read_pasted, read_drawing → RawLayer                      (pasted.py, drawn.py)
    understand(raw) → Understanding: candidates, questions    (understanding.py)
    confirm(raw, choice) → Taken: WGS 84 frame, provenance    (confirm.py)
    list_problems, offer_repairs, apply_repairs               (problems.py)
    export_frame(frame, format, crs) → bytes                  (export/)

Nothing here decides for the user, draws, or knows screening and layers of the project.
"""
