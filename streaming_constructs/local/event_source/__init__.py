"""Lambda event source mappings: what becomes of each record of a batch."""
