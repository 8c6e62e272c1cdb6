"""The program without a face: everything but the window, and nothing of Qt.

A map of the rooms:

- `procedure`  get_token() and refresh(), the two sentences the program exists for
- `job`, `mailbox`, `renewal`  what a procedure is asked, where its file lies, the refresh itself
- `keeper`, `schedule`  what is due when, for many mailboxes
- `loop`, `workers`, `ending`  the terminal's loop over them, its threads, and its planned end
- `processes`  which imapsync runs there are
- `overview`  all mailboxes of a folder
- `forget`, `revocation`  the end of the job: tokens revoked, files deleted
- `providers`  who the providers are (data) and which one an address belongs to
- `signin`  the browser's part: begin, wait for the answer, finish
- `refresh`, `token_endpoint`  the one form post that renews a token; what such answers mean
- `tokenfile`  the two-line file that imapsync reads: format, place, lock, save
- `protection`, `store`  where the refresh token lives; the system's own store of secrets
- `mailcheck`  the proof: a real IMAP login
- `imapsync`, `shells`  what to hand to imapsync, quoted for the shell that reads it
- `doctor`  what imapsync would make of a token file, and the mending of it
- `report`  one file to ask for help with, without what is private
- `imapsync_run`  imapsync as a child, its tokens kept fresh, and an old one started again
- `demo`  an authorization server and a mailbox on loopback, for the rehearsal and the quick tests
- `cli`  the command line
- `model`, `errors`, `cancel`, `address`, `network`, `http`, `paths`, `outside`,
  `log`  what all share
"""

__version__ = "0.1.0"
# A placeholder until the first release names the real one: docs/RELEASING.md.
REPOSITORY = "https://github.com/oauth2-imap/oauth2_imap"
