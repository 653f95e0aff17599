"""Official layers that users supply: taken from a confirmed intake, checked, kept, superseded.

The way through::

    Taken (etk_geo.intake.confirm) + Statement → assess_supply → Assessment: area check, findings
    supply_layer(root, taken, statement, today) → Entry of the register
    list_supplied, remove_layer, restore_layer

Layers are written below ``layers/supplied/`` (not part of the program, not committed) and are read
by the catalog like any other; :mod:`etk_geo.register` holds which are in force. What they change
in screening and in the coverage ledger is decided in :mod:`etk_geo.screening.zones`.
"""
