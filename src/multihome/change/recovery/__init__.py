"""Runs that did not end as they should: listed, found again, judged, and finished."""
