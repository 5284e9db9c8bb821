"""The arms: one program carried out in several ways, held, stepped, compared and timed."""
