"""The benchmarks of docs/PERFORMANCE.md; tests/bench.py runs them.

    table.py            a row: our figures beside a yardstick's, with a goal; tables as Markdown
    timing.py           measures programs in turns
    surroundings.py     a user without settings, a work folder, a screen
    servers.py          the demo's servers, in a process of their own (demo_servers.py)
    mutt.py             Debian's mutt_oauth2.py, made to ask these servers
    bare_post.py        what a refresh can't do without: one request, one file
    browser.py          a browser that never fetches the closing page
    window_parts.py     what the benchmarks of the window share

Every other file is one benchmark. Its `rows(short=...)` measures it and yields the rows of its
table; the short form only shows that it runs, and how the work grows.
"""
