"""Why a check failed: the cause behind a failure, and the failures behind a cause."""
