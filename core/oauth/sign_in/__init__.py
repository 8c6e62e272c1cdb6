"""The browser's part of OAuth2: open the page, wait for the answer, get the tokens."""
