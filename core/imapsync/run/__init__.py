"""The command `run`: imapsync as a child, with fresh tokens for as long as it lives.

- `command`  the child's command line as imapsync reads it, and what version that imapsync is
- `sides`  which mailbox is side 1 and which side 2, and the options that are missing
- `child`  the process: its output handed through, its refused logins noticed
- `restarts`  whether an old imapsync is started again, and after what pause
- `supervisor`  all of it together
"""
