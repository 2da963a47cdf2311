"""Braces become commands, each with the line that it comes from."""

import pytest

from multihome.syntax.flatten import flatten
from multihome.syntax.recognize import Unrecognized

TEXT = """\
## Last commit
system {
    host-name juno; /* a remark */
    inactive: services {
        ssh;
    }
}
protocols {
    bgp {
        group "a b" {
            /* several
               lines */
            export [ one two ];
            inactive: hold-time 10;
            neighbor 192.0.2.1 { }
            authentication-key "$9$x"; ## SECRET-DATA
        }
    }
}
"""


def test_every_statement_with_its_line():
    assert [(line.number, line.text) for line in flatten(TEXT)] == [
        (3, "set system host-name juno"),
        (5, "set system services ssh"),
        (5, "deactivate system services"),
        (13, 'set protocols bgp group "a b" export one'),
        (13, 'set protocols bgp group "a b" export two'),
        (14, 'set protocols bgp group "a b" hold-time 10'),
        (14, 'deactivate protocols bgp group "a b" hold-time 10'),
        (15, 'set protocols bgp group "a b" neighbor 192.0.2.1'),
        (16, 'set protocols bgp group "a b" authentication-key "$9$x"'),
    ]


@pytest.mark.parametrize("text", ["a {\n b;\n", "a;\n}\n", "a b\n", 'a "b;\n', "protect: a;\n"])
def test_what_does_not_match_is_refused(text: str):
    with pytest.raises(Unrecognized):
        flatten(text)
