"""Snapshots of state: rows by kind, kept on disk, compared with another day's."""
