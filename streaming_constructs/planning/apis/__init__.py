"""APIs: what answers from what a system holds."""
