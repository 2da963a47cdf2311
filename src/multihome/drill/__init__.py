"""Drills: inject a fault as a commit never confirmed, watch the network, always roll back."""
