"""From files, folders and revisions to templates as plain data, with the lines of what they say."""
