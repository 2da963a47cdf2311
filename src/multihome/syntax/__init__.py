"""Junos configuration as text, before anyone gives it a meaning."""
