"""People: keys and signing, persons, roles and terms, units. Who may act, with what, and since when."""
