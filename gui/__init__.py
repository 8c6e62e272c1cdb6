"""The window: everything of Qt, and nothing of OAuth, HTTP or file formats.

A map of the rooms:

- `launch`, `__main__`, `app`, `start`  how it starts
- `main_window`  the frame that comes up at once
- `furnish`, `compose`, `content`  make what stands in it, and connect it
- `arrivals`, `signing_in`, `keeping`, `sides`, `closing`  the stories: what happens when
- `address_bar`, `waiting_panel`, `advanced_panel`  what a sign-in needs of the person
- `mailbox_list`, `mailbox_model`, `imapsync_panel`  the token files, and what to hand to imapsync
- `keep_bar`, `log_pane`, `error_panel`, `about`, `tray`, `icons`  the rest of what one sees
- `sign_in`, `mailboxes`, `lookup`  what the parts do, by way of `jobs`, which runs the core's calls
- `settings`, `single_instance`, `power`, `autostart`  the program among others
"""
