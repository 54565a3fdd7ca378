"""Forms in which rules of `meanings` and `audits` are written."""
