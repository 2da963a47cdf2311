"""A run, in the forms that people and machines read: console, JSON, JUnit, Markdown, HTML."""
