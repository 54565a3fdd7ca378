"""The function that lets in callers with user name and password; Lambda gets this folder alone."""
