"""The test bed: a real authorization server, a real Dovecot and a real browser, all on one machine.

The program is proved against these and not against doubles, because the faults worth finding
(clock, scopes, rotation, redirects, what an IMAP server refuses) live between the programs.
`fixtures` is what tests use; everything else here serves it.
"""
