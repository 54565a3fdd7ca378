"""Keys of real records: where they go, which of them are hot, and which other field would spread better."""
