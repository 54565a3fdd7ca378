"""Is it ready for production: one checklist for each service, answered by the spec, or asked of a person."""
