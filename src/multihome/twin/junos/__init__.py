"""What a Junos configuration means: read (`build`) into a `model`, checked before a commit (`check`).

Behind this room nothing knows a configuration statement.
"""
