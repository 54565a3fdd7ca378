"""Where objects are written and how tables find them: prefixes, partitions, columns, lifecycles."""
