"""The configuration database of one router: the tree, who edits it, how it is loaded and committed.

`database` is the door. Below it the statement `tree`, which a `draft` changes; `grammar`, which
knows every statement; `formats`, which read and print; and `inherit`, which works out what groups,
ranges, apply-paths and inactive statements mean. Pure: time is an argument, errors are values.
"""
