"""Break something on purpose, watch, mend: a commit that nobody confirms, undone whatever happens."""
