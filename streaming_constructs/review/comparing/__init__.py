"""Two templates by what they mean: which resource is which, and where its properties differ."""
