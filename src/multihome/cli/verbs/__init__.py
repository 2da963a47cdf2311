"""The verbs, in files by the moment that they are for: before a change, the change, after it, looks."""
