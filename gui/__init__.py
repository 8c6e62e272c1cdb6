"""The window: everything that uses Qt, without OAuth, HTTP or file formats. This is a map of it.

The folders are listed from the top layer to the bottom. A folder imports nothing from a layer above
its own: tests/test_structure.py lists the layers, and compares this map with the files.

gui/: How `oauth2_imap` starts.
    launch.py                  `oauth2_imap` from source: the window, or the command line
    __main__.py                `python -m gui`, and the exe of the window
startup/: How the window starts: one window per user, its first frame, then everything else.
    window_face.py             chooses between the window and the command line in the window's exe
    app.py                     starts Qt and shows the empty window
    call.py                    an address from a script: a refresh, or a sign-in in a window
    call_window.py             the window of a call: it ends with the sign-in
    build.py                   after the first frame: makes all parts, then the content
    content.py                 lays out the widgets, fills the menus, connects the controllers
    garbage.py                 Python's search for garbage waits until the mailboxes are listed
    plain_import.py            Python's own `import`: PySide's reads the source of each module
    single_instance.py         one window per user; a second start hands its address over
    answers.py                 which addresses a window takes, and what their callers are told
    language.py                the language of the window, and of Qt's own texts
    qt_failure.py              a sentence where Qt can show no window
    smoke_test.py              --smoke-test: shows the window once
    ending.py                  the end of a process that has shown a window
    exception_hook.py          puts unexpected errors and Qt's warnings into the log
controllers/: What happens after a click: each controller connects widgets and model for one task.
    parts.py                   what all controllers share: widgets, model, settings
    sign_in.py                 "Get token": the fields, the result
    sign_in_progress.py        which sign-ins are wanted: in the rows, or in the empty list
    waiting.py                 the wait of a sign-in, in the browser or on another device
    options.py                 the options of a sign-in: for one mailbox only
    settings.py                what each change in the settings does
    ask_owner.py               asks the owner of a mailbox to sign in elsewhere
    sign_in_queue.py           sign-ins one after the other: the user's, and those for scripts
    detail.py                  the detail pane: what is selected, and its history
    refreshing.py              "Keep refreshing": its boxes, the tray's messages
    messages.py                what the message bar says, and which errors were closed
    message_acts.py            what its buttons lead to: options, settings, a file
    startup_request.py         an address from the command line or from a second start
    closing.py                 closing the window, quitting, a shutdown of the system
    pretend.py                 ends the sign-in of a pretend mailbox, to try what happens
    remove_mailbox.py          removing a mailbox
    save_report.py             saving a report
    import_files.py            importing the files of other programs
    open_list.py               a list of mailboxes: its dialog, its strip, its sign-ins
    source_destination.py      which selected mailbox is source, which is destination
    run_here.py                runs imapsync in the window
    unread_note.py             tells in the message bar what the card says out of view
    own_registration.py        a registration of one's own: its test, and its file for colleagues
    user_commands.py           starts the user's commands for new tokens and needed sign-ins
    stop_with_imapsync.py      "Stop when imapsync ends…"
widgets/: What the user sees: each widget shows things and emits signals.
    main_window.py             the window with its menu bar
    page.py                    what is in it; on a small screen it scrolls as a whole
    middle.py                  the list and the side pane: beside or below each other
    side_pane.py               beside the list: what belongs to the selected mailboxes
    header_card.py             the card at the top: the address bar, or the wait in its place
    hold_height.py             holds the height of a widget, so that nothing below it moves
    address_bar.py             the address, the provider, the "Get token" button
    address_box.py             the field for the address; a list once there are addresses
    primary_button.py          the one button in the accent colour
    sign_in_options.py         the options of the next sign-in
    application_remark.py      what to know of the application that is chosen there
    options_dialog.py          their dialog, made when it is first needed
    settings_dialog.py         the settings, which last
    file_drop.py               takes the files that are dropped onto the window
    import_dialog.py           what became of an import, and what is left to do
    list_dialog.py             what a list holds, how far it is, what is left to do
    list_strip.py              the same in one line, above the mailboxes
    registration_dialog.py     how to make a registration of one's own, and the fields to test it
    shared_box.py              asks: add a registration with these servers?
    fitted_dialog.py           a dialog that fits on small screens
    server_box.py              asks: sign in at a server that was found?
    account_box.py             asks: sign in again, or is it a shared mailbox?
    command_field.py           a field for a command of the user
    path_field.py              a field for a folder or a file
    waiting_panel.py           the wait for a sign-in, in the browser or on another device
    waiting_view.py            its widgets for the browser: buttons, the paste field
    copied.py                  a button says for a moment that it has copied
    wheel.py                   the mouse wheel changes no list and no number by accident
    device_view.py             its widgets for another device: the code, the page, the QR code
    qr_code.py                 paints a QR code
    turning_view.py            both of them on a narrow screen: rows become columns
    time_left.py               the time that is left for a sign-in
    request_strip.py           whose answers are awaited, above the list
    request_dialog.py          the open requests: the text for the owner, a field for the answer
    mailbox_table.py           the list of mailboxes with its toolbar and its menu
    mailbox_view.py            how it scrolls, and what a click in a row means
    list_selection.py          which lines are selected, and when others are selected instead
    row_delegate.py            paints its lines: headings, and rows with a button
    list_toolbar.py            above it: how many mailboxes, the search, the order
    list_actions.py            what can be done with the selected mailboxes
    empty_list.py              what is shown in place of an empty list
    migration_card.py          a migration by imapsync, once there is a mailbox
    mailbox_drag.py            a mailbox that is dragged from the list, and where it is dropped
    side_choosers.py           names its source and its destination
    migration_steps.py         its two steps, the commands and the script for them
    migration_step.py          one step: run it here, or copy its command
    copy_box.py                asks before the first copy: copy, or test the logins first?
    note_label.py              a sentence or two, to read and to select
    done_note.py               what the user has copied or saved
    single_side.py             the options of one mailbox, while only one is named
    run_view.py                how far a run of imapsync is, and how it ended
    run_output.py              the lines that imapsync has printed
    command_text.py            a command to read, and a button that copies one
    scroll_to.py               scrolls to what has just been shown or got the focus
    save_script.py             asks where to save the script, and writes it
    detail_pane.py             what is known of the selected mailbox, or how many are selected
    detail_view.py             its widgets, made for the first selection
    history_strip.py           the last days, a cell an hour
    history_shapes.py          the shape of each kind of hour
    history_legend.py          what these shapes mean
    refresh_bar.py             the boxes for refreshing: all mailboxes, interval, until when
    keep_box.py                "Keep refreshing", ticked for all, some or none
    flow_layout.py             widgets beside one another, in as many lines as needed
    elided_label.py            a path in one line, without its middle where it is too long
    enter_key.py               Enter presses the focused button
    key_button.py              a button with a key of its own
    outlined.py                check boxes and menus whose outline is seen in the dark
    keep_room.py               keeps the room of a hidden widget
    close_button.py            the row of buttons of a dialog that is only read and closed
    plain_label.py             labels and message boxes that show no HTML
    message_bar.py             the line of news under the header, and what can be done
    message_row.py             its icon, its text and its buttons
    announce.py                lets screen readers speak
    after_press.py             waits until no mouse button is held
    moving_on.py               notices that the user goes on with something else
    message_details.py         the rest of a message, made when it is opened
    tab_order.py               where Tab goes to what is made only when it is shown
    fold_button.py             folds and unfolds what is below it
    log_pane.py                the log
    log_splitter.py            gives the room of the folded log to what is above it
    log_text.py                its text, in whole lines
    log_handler.py             brings log records to the window's thread
    about.py                   "About": version, licence, folders
    manual.py                  the manual of the window, as it is shipped
    licences.py                the licences of everything inside
    tray.py                    the icon in the notification area
model/: What the window knows, and what it asks of core. No widgets.
    mailboxes.py               the mailboxes: refreshes, tests and removes them
    request_maker.py           makes the requests to core
    keeping.py                 which of them are kept fresh; for thousands without a pause
    token_files.py             reads the token files in a thread, and lists them
    work_queue.py              runs what is done with mailboxes, a few at a time
    mailbox_model.py           the mailboxes as rows, in the order of their files
    mailbox_names.py           the mailboxes as a list of names
    migration_sides.py         which mailbox is source, which is destination
    mailbox_row.py             one row, its group, and its state in words
    mailbox_list.py            the lines of the list: rows below headings, sorted and searched
    list_line.py               where a row stands in the list; add an order here
    sign_in_words.py           what the window says of sign-ins that are wanted
    line_text.py               what a line says, also to screen readers
    next_act.py                the one act that helps a mailbox: the button of its row
    importer.py                imports the files of other programs, in a thread
    import_words.py            what the window says of an import
    list_run.py                works through a list of mailboxes in a thread
    list_words.py              what the window says of it
    user_commands.py           the user's commands, as --hook and --on_trouble start them
    imapsync_run.py            runs imapsync in a thread
    run_words.py               what the window says of a run
    shell_words.py             the programs into which a command can be pasted
    side_order.py              what has named the two sides of a migration, in a sentence
    side_trouble.py            which side has no sign-in any more
    not_kept.py                until when imapsync can use what nobody refreshes
    running_time.py            how long something takes, as a clock
    asked.py                   questions that a sign-in waits for
    owner_requests.py          the requests to owners, made and finished in threads
    sign_in_task.py            one "Get token" in its own thread
    rehearsal.py               the pretend mailboxes, which end with the window
    tasks.py                   runs the core's calls in threads
    provider_lookup.py         finds an address's provider while the user types
    call.py                    a script's call: its refresh, and how its outcome is told
    detail.py                  what the detail pane says, apart from the history
    untested.py                whose login was not tested, by the histories
    mailbox_history.py         what the history of a mailbox says; read in a thread
    history_days.py            the last days of a mailbox, hour by hour
    settings.py                what the window remembers, in an ini file
    settings_file.py           that file: private, and put aside where it is broken
    start_arguments.py         the options that the window takes; add an option of the window here
    option_fields.py           the table of a sign-in's options; add an option here
    option_values.py           what they hold
    option_remarks.py          what to know of an application before it is chosen
    browser_labels.py          the browsers that can be chosen for sign-ins
    theme.py                   light, dark, or as the system
    own_palette.py             their colours, where the system has only one of them
    bar_message.py             what the message bar can say
    message_act.py             which button leads to what an error names
    messages.py                puts core's advice into the window's words: fields and buttons
    plain_text.py              text from outside: no HTML, nothing hidden
    icons.py                   paints the program's and the states' icons
    folder_watch.py            notices changes in the token folder
system/: The desktop around the window: autostart, sleep, other programs, folders.
    caller.py                  who started the program, and how to speak to them
    windows_processes.py       the process that started it, and that process's console
    autostart.py               starting the window at login
    autostart_entries.py       where each system keeps the entry for it
    keep_awake.py              keeps the computer awake
    power.py                   whether the computer runs on battery
    open_external.py           opens folders and pages
    token_folder.py            the default folder of the token files
"""
