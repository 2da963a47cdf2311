"""What a committed Junos configuration means: one router as frozen values, a part of the hierarchy each.

Built from the effective configuration (groups inherited, inactive parts gone) by
`multihome.twin.junos.reader`. The routing code reads this and never a configuration statement.
"""
