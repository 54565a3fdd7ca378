"""What a change of templates does to what is charged for being there, in a month."""
