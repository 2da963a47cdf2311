"""A configuration in each form that Junos reads and prints: text, set, XML, JSON, and differences.

A `*_reader` turns a form into a draft, a `*_format` prints a tree; the set format does both.
"""
