"""The test bed: a real authorization server, a real Dovecot and a real browser, all on one machine.

The program is tested with these and not with doubles, because the faults worth finding lie between
the programs: clocks, scopes, rotation, redirects, and what an IMAP server refuses. Tests use
`fixtures`; everything else here serves it.
"""
