"""The program without its window: everything but Qt. This is a map of its folders and files.

The folders are listed from the top layer to the bottom. A folder imports nothing from a layer above
its own: tests/test_structure.py lists the layers, and compares this map with the files.

To add a provider, edit resources/providers.toml. To change what an error code or a server's answer
means to the user, edit the table in verdicts/ of that source.

cli/: The command line: the only part of core that prints.
    __init__.py                main(): answers --version, --help at once, or runs entry.py
    entry.py                   runs a command line; every error becomes one clear message
    arguments.py               from a command line to checked values
    face.py                    whether the window or the command line answers, in the window's exe
    commands.py                the table of commands, with their options; add a command here
    option_rules.py            refuses options that a command does not take
    option.py                  what an option is, and the groups of options
    options.py                 the table of options; add an option here, and its use in arguments.py
    command_options.py         its options that only single commands take
    hook_options.py            reads the commands of --hook and --on_trouble
    user_commands.py           starts these commands for the results of a run
    help.py                    the text of --help
    grammar.py                 finds the options in a command line, by the rules of the Perl script
    runner.py                  get or refresh tokens: `oauth2_imap EMAIL...`, --loop, --refresh_only
    request.py                 `request`: asks the owner of a mailbox to sign in elsewhere
    run.py                     `run`: imapsync with fresh tokens
    run_tokens.py              gets the tokens for `run`, of all mailboxes at once
    refresh_messages.py        what `run` prints of refreshes: one line for an outage
    status.py                  `status`: the state of each token file, as text or with --json
    monitoring.py              `status --check`: one line and an exit code for Nagios and Icinga
    doctor.py                  `doctor`: shows and repairs what is wrong with token files
    inspect.py                 `inspect`: shows what tokens say of themselves
    named_mailboxes.py         the mailboxes that a command line names, for status and inspect
    import_files.py            `import`: takes over the tokens of other programs
    batch.py                   `batch`: gets and keeps the tokens of all mailboxes of a list
    progress_line.py           how far a long run is, on one line
    script_call.py             reads a call of the program in a script to import
    register.py                `register`: how to make a registration, and its test
    share_registration.py      `register --export` and `--import`: a registration for colleagues
    admin.py                   `admin`: what the administrator of Microsoft 365 has to do
    admin_check.py             `admin --check`: what is missing for each mailbox
    schedule.py                `schedule`: writes the files for cron, systemd and others
    report.py                  `report`: writes a file to send when asking for help
    providers.py               `providers`: lists all providers and applications
    provider_check.py          `providers --check`: asks all endpoints whether they still answer
    browsers.py                `browsers`: lists the browsers that --browser can open
    detect.py                  `detect`: which provider an address belongs to
    forget.py                  `forget`: asks once, then revokes tokens and deletes files
    demo.py                    `--demo`: runs the demo and prints each step
    server_question.py         asks whether to sign in at a server that was found
    yes.py                     what counts as a yes to such a question, also in other languages
    actions.py                 what an error's action is in the terminal: options, commands
    output.py                  writes results to standard output and messages to standard error
    json_lines.py              the lines of --json: each says its format and its version
    waiting.py                 what it prints while the user signs in, or pastes an answer
    qr_lines.py                draws a QR code with characters, where the terminal can show it
    account_question.py        asks if another account has signed in than was asked for
    typed_lines.py             what the user types: pasted answers, and answers to a question
    standard_input.py          reads pasted lines; the program can end while it waits for one
    signals.py                 Ctrl-C, a closed terminal, a shutdown of the system
batch/: A list of mailboxes: read it, get all tokens, and write the report.
    batch.py                   start reading here: opens a list, and works through it
    reading.py                 reads the mailboxes and the pairs, and names each mistake
    table.py                   reads the lines: encoding, separator, fields
    columns.py                 the table of columns; add a column here
    entries.py                 what a list says, as data
    jobs.py                    the request for a mailbox of the list
    places.py                  where the token files of new mailboxes will be
    task.py                    a mailbox of a list as work, and what has become of it
    waiting.py                 which mailboxes wait for their turn, or for a token host's pause
    work.py                    gets the tokens that need no user, some mailboxes at a time
    report.py                  the report, as CSV and as JSON
    forecast.py                what a list will take, before anything is done
    script.py                  writes imapsync's script for all pairs, and the password files
demo/: The demo: a mail provider on this computer; sign-in and refresh without an account.
    rehearsal.py               the whole demo: sign in, log in, save the token file, refresh
    provider.py                the demo's provider: its servers, and how to sign in there
    authorization_server.py    the demo provider's OAuth2 server, over HTTPS
    grants.py                  the codes and tokens that it has issued
    consent_page.py            the page that it shows in the browser
    consent_server.py          that page without TLS, for the browser
    http_server.py             HTTP for both
    imap_server.py             the demo provider's IMAP server
imapsync/run/: Run imapsync as a child process whose tokens are kept fresh.
    supervisor.py              runs imapsync to its end, and restarts it if needed
    migration.py               one migration for the window: the options, and the supervisor
    observer.py                what a run tells the command line, or the window
    watch.py                   keeps what a run tells, for a window that looks now and then
    progress.py                how far a run is, from the lines that imapsync prints
    command_line.py            reads the imapsync command that the user typed
    version.py                 asks imapsync for its version, beside other work
    reading.py                 when an imapsync reads its token file
    sides.py                   which mailbox is source or destination, and the missing options
    process.py                 the child process: passes its output on, notices refused logins
    restart_policy.py          whether imapsync is restarted after its end, and when
    started_tokens.py          what has become of the tokens with which imapsync was started
    exit_codes.py              what imapsync's exit codes mean, in words
imapsync/: imapsync: write its command for each shell, find it, and find its running processes.
    command.py                 writes the command, the options and the script for imapsync
    pair_script.py             writes one script for many pairs of mailboxes
    shell_quoting.py           quoting and paths for each shell
    running.py                 the imapsync processes that run now
    find.py                    where imapsync usually lies
report/: A text file to send when asking for help. It is made of chosen fields, without secrets.
    report.py                  puts the report together and writes it
    sections.py                its parts; add a part here
    endpoint.py                the certificate and the clock of a token endpoint
    masking.py                 removes addresses, the home folder and secrets
doctor/: Find the problems that imapsync would have with a token file, and repair them. No network.
    diagnosis.py               all findings about one token file
    finding.py                 one finding, as data
    place.py                   the table of checks of the path, folder and permissions
    form.py                    checks the content again and again until nothing changes
    form_checks.py             the table of checks of the content; how each fault is repaired
    tokens.py                  the table of checks of the access token
    reading.py                 reads the file as imapsync does
    fix.py                     `doctor --fix`: repairs a file and keeps a copy
importing/: Import what other programs know of a mailbox: tokens, registrations, scripts.
    take.py                    start reading here: saves what a file says, without changing it
    outcome.py                 whether the tokens of a mailbox are saved, and why not
    registration.py            the provider and the application that a file describes
    kinds.py                   the table of kinds of files; add a kind here
    found.py                   what a file says about one mailbox, as data
    token_file.py              token files, also those of the Perl script
    script.py                  the calls of the program in a script
    shells.py                  how scripts of each shell are written, as data
    mutt_oauth2.py             the token file of mutt_oauth2
    emailproxy.py              the configuration of email-oauth2-proxy
    davmail.py                 the settings of DavMail
    msal_cache.py              the token cache of msal
    google_credentials.py      the credentials of google-auth
schedule/: Write the files with which another program starts this one regularly, or in a container.
    plan.py                    what is to be started, and how often; a file that says so
    kinds.py                   the table of kinds; add a kind here
    systemd.py                 a service and a timer
    cron.py                    a line for crontab
    task_scheduler.py          a task of Windows, as XML
    kubernetes.py              a CronJob, and its volume
    docker.py                  a Dockerfile, and a compose file with imapsync
    yaml_lines.py              writes data as YAML
keeping/: Keep many mailboxes fresh: what is due when, the loop, its threads, and when it stops.
    keeper.py                  which mailboxes are due, also after a failure
    kept_mailbox.py            one kept mailbox: what is known of its file, when that is due
    retries.py                 how long to wait after a failed refresh
    turns.py                   whose turn it is: those that are due, by token host and expiry
    host_limits.py             how much a token host may be asked at once, and its pauses
    expiries.py                which mailbox of a token host expires first
    corrections.py             notices what the user corrected after a failure
    schedule.py                a queue by time, for thousands
    loop.py                    --loop: refreshes what is due until nothing is left
    awake.py                   keeps the computer awake meanwhile
    hook_words.py              reads these commands
    hooks.py                   starts the user's commands after a refresh, or when a grant is dead
    worker_threads.py          threads for calls that may hang
    stop_conditions.py         --until and --while_pid: when the loop stops
mailbox/: One mailbox: get its token, refresh it, test it with an IMAP login, list it, forget it.
    get_token.py               start reading here: get_token() and refresh_mailbox(), the two main
                               procedures; they decide that a new sign-in is needed
    first_tokens.py            the first tokens: by a sign-in, or where none is needed, without
    discover_provider.py       finds a provider that the catalog doesn't know
    own_registration.py        tests a registration by a sign-in, and names the step that is wrong
    recording.py               writes what happens to the mailbox into its history
    new_tokens.py              asks for new tokens, or shares those of another mailbox
    renewal.py                 refreshes one token file under its lock, or says that a new sign-in
                               is needed
    saving.py                  saves a new sign-in; moves the refresh token into the store or back
    job.py                     what a procedure is asked and needs: Request, Dependencies, Job
    resolve.py                 Mailbox: one address with its token file and its registration
    client_secret_storage.py   --protect: the client secret in providers.toml or in the secret store
    refresh_token_storage.py   --protect: the refresh token in the file or in the secret store
    token_check.py             tests an access token, and what a failed test means
    imap_login.py              tests a token with a real IMAP login, then LIST (no proxy)
    ask_owner.py               asks the owner to sign in elsewhere; finishes with their answer
    inventory.py               all token files of a folder, with what is known of each
                               (Condition: fresh, expires soon, expired)
    forget.py                  revokes the tokens and deletes everything of one mailbox
    remove.py                  deletes its files only; for a token file that can't be read
detection/: Which provider an address belongs to: clues of its domain, and what they weigh.
    detect.py                  start reading here: collects the clues, as few as are enough, and
                               decides
    clues.py                   the table of reasons: the weight and the words of each clue
    sources.py                 the table of what is asked beside the MX records; add a source here
    pages.py                   the sources that are web pages: tenants of Microsoft, autoconfig
    remembered.py              asks once for many mailboxes at the same domain
    question.py                a domain, and how its sources ask about it
    dns_records.py             asks the name servers
    hosts.py                   whose a host or a domain is, by the catalog
open_requests/: Requests to the owners of mailboxes, who sign in elsewhere, in private files.
    open_request.py            OpenRequest, its secret part, and their JSON
    folder.py                  the folder of their files: add, find, list, remove
    letter.py                  the text for the owner, ready to send
registering/: Registrations of one's own: how to make them, and how to hand them to others.
    guides.py                  what to do at each kind of provider; add a guide or a step here
    guide.py                   what a guide is, and which of its steps an error belongs to
    sharing.py                 the file for colleagues: writes it, checks it, adds what is in it
discovery/: Any other provider: find its sign-in server, and register there.
    search.py                  asks all sources about a mail domain at once
    sources.py                 the sources; add a source here
    autoconfig.py              reads the XML file in which a domain describes its mail servers
    finding.py                 what a source says about a domain
    scopes.py                  which scopes to ask for, out of those that a server offers
    sign_in_server.py          what a sign-in server publishes about itself
    client.py                  registers this program at a server that offers it
oauth/sign_in/: The browser's part of OAuth2: open the page, wait for the answer, get the tokens.
    sign_in.py                 start reading here: the list of flows, of which one is chosen; add a
                               flow here
    flow.py                    what a flow is: one way for the user to sign in
    begun_sign_in.py           what finishes a sign-in, perhaps in another run
    later_answer.py            a sign-in elsewhere, whose answer is pasted later
    methods.py                 what this computer has for a sign-in: a browser, a way to paste
    race.py                    the browser and a device code in one wait; the first tokens count
    code_flow.py               the flow with a page in a browser: listen, open the browser, wait for
                               the answer, exchange it for tokens
    device_flow.py             the flow with a code that the user types on any device
    clients.py                 chooses the library for a sign-in
    code_client.py             what every library does: begin, finish, read the tokens
    microsoft_app.py           msal's application object, with our session
    microsoft.py               Microsoft, by msal
    microsoft_device.py        a device code at Microsoft, by msal
    google.py                  Google, by google-auth-oauthlib
    generic.py                 any other provider, by requests-oauthlib
    device_client.py           a device code at any other provider, by form POSTs
    device_authorization.py    reads the provider's answer with the device code
    browser.py                 finds and opens the system's browser, or the one that was chosen
    installed_browsers.py      the browsers on this computer, and how they open a private window
    loopback.py                opens the port for the browser's answer, and closes it
    loopback_server.py         speaks HTTP with the browser: accepts one answer, refuses all
                               others, shows the closing page
    closing_page.py            the page that the browser shows at the end
    pasted_response.py         reads the answer from a text that the user pasted
    response_queue.py          hands the first answer, from the browser or pasted, to code_flow.py
    authorization_response.py  checks the answer and reads its code or its error
    certificate.py             the certificate of https://localhost for one sign-in
    http_session.py            the session for msal and oauthlib, with the same certificates and
                               proxies as net/http.py
    error_page.py              explains an error page whose text or address was pasted
oauth/: OAuth2: the refresh request, what token endpoints answer, and revocation.
    grant.py                   the ways to new tokens without the user; add a grant here
    endpoint_check.py          asks endpoints whether they still answer, without a sign-in
    client_credentials.py      tokens of the application itself, for all mailboxes of a tenant
    service_account.py         a service account of Google, with a token for each mailbox
    client_certificate.py      an application's certificate: reads its file, and signs with its key
    shared_tokens.py           one token for all mailboxes of an application, asked for once
    client_parameters.py       what a request says of the application: its ID and its secret
    refresh_request.py         sends the refresh request, or that of another grant
    answer.py                  reads the parameters in a provider's answer, cleaned
    claims.py                  what a token says of itself; not verified
    permissions.py             whether new tokens may open a mailbox: scopes, roles, audience
    tokens.py                  Tokens, what a token endpoint gives
    token_response.py          what every answer of a token endpoint means: tokens, or an error
    revocation.py              revokes tokens (RFC 7009)
    registration_facts.py      what an error takes from the registration
    admin_consent.py           the request to an administrator to allow an application
    admin_kit.py               all that the administrator of an organisation has to do
secret_store/: The system's secret store, for refresh tokens that must not be in a file.
    store.py                   what a store can do, and the test that it works
    system_store.py            chooses the store of this system
    windows_dpapi.py           Windows: encrypted files (DPAPI)
    macos_keychain.py          macOS: the login keychain
    linux_secret_service.py    Linux: the desktop's Secret Service
providers/: Who the providers are, as data.
    fields.py                  the list of the fields of providers and applications, with their
                               checks and defaults; Registration; add a field here
    values.py                  checks of single values
    tables.py                  reads a providers.toml
    merging.py                 merges tables: the user's over the shipped ones, `extends`
    catalog.py                 all providers and applications as data: Provider, Catalog
    live_catalog.py            the catalog, read again when the user's providers.toml has changed
    overrides.py               the values that the user gave by hand
    by_hand.py                 checks them, and finds the provider that they describe
    registration.py            what one sign-in uses: an application of the catalog with the user's
                               own values; the name of an application described by hand
    save_overrides.py          saves such an application in the user's providers.toml
    own_file.py                writes an application into a providers.toml
tokenfile/: The token file that imapsync reads: its content, place, lock and replacement.
    format.py                  the two lines and the `#` lines; add a `#` line here
    place.py                   the name and the folder of an address's token file
    read.py                    reads a token file; follows its link
    access.py                  who may read and replace a token file; a refresh keeps that
    save.py                    replaces the token file so that no token is lost
    hazards.py                 what makes it unsafe or useless to refresh a file where it lies
    lock.py                    the lock of a token file
    remove.py                  deletes token files and their copies
    expiry.py                  the arithmetic behind keeper.py: due time, time left, too young to
                               refresh
    readers.py                 who else can read a token file
    folder_warnings.py         what is wrong with the folder that it lies in
history/: What happened to each mailbox in the last days, and what follows from that. No secrets.
    entry.py                   one entry, and its line in the file
    journal.py                 the file of a mailbox's history: add an entry, read, delete, shorten
    freshness.py               since when there is a valid token without a gap
    logins.py                  whether a login has worked since the last sign-in
    sign_ins.py                how long earlier sign-ins lasted
    night.py                   what could end the fresh tokens before tomorrow morning; add a
                               question here
net/: The network: its settings, https requests, and the base of all servers on loopback.
    network.py                 the network settings as data (time limit, CA file); loopback hosts;
                               quotes what servers say
    http.py                    https requests: checks certificates, follows no redirect
    response.py                HttpResponse, what such a request returns
    tls.py                     the certificates that all connections trust
    ca_file.py                 whether a CA file can be used
    connecting.py              finds a name and connects, until a deadline or the cancellation
    proxy.py                   which proxy is used, and where its address comes from
    faults.py                  names each fault on the way to a server
    imap_session.py            one IMAP session, within limits of time and size
    compression.py             undoes the compression of an answer
    loopback.py                the base of all servers on 127.0.0.1 and ::1
core/: What every folder may use.
    __init__.py                the version, the project's address, and this map
    __main__.py                `python -m core`: the command line
    model.py                   data that folders share: states, notes, results
    events.py                  what a sign-in reports while it waits, and what it asks
    errors.py                  the kinds of errors (AppError) and the exit codes
    error_lines.py             an error as lines of text, for both faces
    expectations.py            what a sign-in page will show, as sentences
    files.py                   private files: write_private, replace_private, read_regular
    paths.py                   the user's folders and the program's own data
    log.py                     the log file
    redaction.py               removes what looks like a secret from logs and reports
    qr_code.py                 a text as a QR code
    plain_text.py              text from outside, without anything that acts on a terminal
    address.py                 reads an e-mail address, as users paste it
    spelling.py                the big provider's domain behind a mistyped one
    browser_choice.py          the browser that the user chose for sign-ins
    times.py                   moments in local time, as the user's language writes them
    cancel.py                  stops work, but not between a refresh and its save
    client_secret.py           the client secret in the environment, or in a file
    child_environment.py       the environment of programs that are started
verdicts/: What error codes and answers mean to the user: one table for each source.
    verdict.py                 what an entry of a table is, and how it recognises an answer
    match.py                   finds the entry for an answer in all tables
    app_only.py                answers to applications that sign in without a user
    microsoft.py               Microsoft's AADSTS codes
    http_answers.py            busy servers, limits, and answers of somebody else
    device_code.py             what the token endpoint says of a device code
    google.py                  Google's errors
    other_providers.py         Yahoo, AOL, Zoho, mail.ru, Yandex, Fastmail
    oauth.py                   the error names of the OAuth2 standards
    client_registration.py     what a server answers when the program registers itself
    imap.py                    IMAP servers' refusals
    network.py                 names, connections, proxies, certificates
    local_sign_in.py           this computer's part of a sign-in, and what is pasted
    local_files.py             token files, folders, locks, secret stores, the report
    local_settings.py          providers.toml, registrations, detection, addresses
    local_commands.py          wrong command lines, and what only run or the window can meet
    local_discovery.py         what a server or a domain publishes and can't be used
    local_mailbox.py           what the procedures for one mailbox find out themselves
    local_network.py           what this computer lacks before a server is asked
    local_import.py            why a file of another program can't be imported
    local_batch.py             what is wrong with a list of mailboxes
    local_requests.py          requests to the owners of mailboxes
    local_app_only.py          what a registration lacks to get tokens without a user
    local_registering.py       registrations of one's own, and files with one
    local_renewal.py           why a token file can't be renewed
i18n/: The language of the user: which one it is, and the texts in it.
    translation.py             marks and translates texts; numbers as the language writes them
    system_languages.py        the languages that the user prefers in all programs
"""

__version__ = "0.1.0"
# A placeholder until the first release names the real one: docs/RELEASING.md.
REPOSITORY = "https://github.com/oauth2-imap/oauth2_imap"
