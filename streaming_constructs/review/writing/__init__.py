"""Reviews and audits as people and programs read them: a sentence, Markdown, JSON, SARIF."""
